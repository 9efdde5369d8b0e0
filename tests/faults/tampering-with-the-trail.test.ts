/**
 * Somebody who owns the tables changes the trail, with every trigger turned off, and the verification names what they did.
 * Each test puts back what it took, and sees the trail intact again: what was found was the change, and nothing else.
 */
import { mkdtempSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { digestOf } from '@/lib/audit/segments';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { signingKey } from '@/lib/platform/signing';
import { segmentKey, type TrailFault } from '@/lib/rules/audit-seal';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, ownerClient } from '@/tests/support/rows';
import { seal, tamper, verify, write } from '@/tests/support/trail';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

let businessId: string;
/** An entry in the middle of the middle of three segments, whose neighbours are in it too. */
let entryId: string;

beforeAll(async () => {
  businessId = (await makeBusiness(owner)).id;
  for (const count of [3, 5, 4]) {
    const about = await write(count, { businessId });
    const entry = await owner.auditLog.findFirstOrThrow({ where: { resourceId: about[2] ?? '' } });
    if (count === 5) entryId = entry.id;
    await write(2);
    await seal();
  }
});
afterEach(async () => {
  expect(await verify()).toMatchObject({ entries: 18, segments: 6, unsealed: 0, unstored: 0, fault: null });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** What is found where this is done, until that undoes it. */
async function foundAfter(change: readonly string[], undo: readonly string[]): Promise<TrailFault | null> {
  await tamper(ownerUrl, ...change);
  try {
    return (await verify()).fault;
  } finally {
    await tamper(ownerUrl, ...undo);
  }
}

test.each([
  ['what was done', `action = 'call.update'`, `action = 'call.read'`],
  ['when', `timestamp = timestamp - interval '1 ms'`, `timestamp = timestamp + interval '1 ms'`],
  ['who did it', `user_id = business_id`, `user_id = NULL`],
  ['whose it is', `business_id = NULL`, `business_id = %business`],
  ['a detail', `details = '{"reason":"none"}'`, `details = '{}'`],
  ['an address', `ip_address = '203.0.113.8'`, `ip_address = '203.0.113.7'`],
  ['an address, to none', `ip_address = NULL`, `ip_address = '203.0.113.7'`],
  ['an address that was typed', `details = '{"emailIndex":"01"}'`, `details = '{}'`],
])('an entry whose %s was changed is named', async (_, change, undo) => {
  const set = (what: string) =>
    `UPDATE audit_logs SET ${what.replace('%business', `'${businessId}'`)} WHERE id = '${entryId}'`;
  expect(await foundAfter([set(change)], [set(undo)])).toMatchObject({
    what: 'entry',
    how: 'changed',
    chain: businessId,
    number: 2,
    id: entryId,
  });
});

test('an entry that was removed is named, also where its salts went with it', async () => {
  const keep = [
    'CREATE TABLE kept AS SELECT * FROM audit_logs',
    'CREATE TABLE kept_salts AS SELECT * FROM audit_salts',
  ];
  await tamper(ownerUrl, ...keep);
  const removed = { what: 'entry', how: 'removed', number: 2, id: entryId };
  const entryGoes = `DELETE FROM audit_logs WHERE id = '${entryId}'`;
  const saltsGo = `DELETE FROM audit_salts WHERE id = '${entryId}'`;
  const entryComes = `INSERT INTO audit_logs SELECT * FROM kept WHERE id = '${entryId}'`;
  const saltsCome = `INSERT INTO audit_salts SELECT * FROM kept_salts WHERE id = '${entryId}'`;
  expect(await foundAfter([entryGoes], [entryComes])).toMatchObject(removed);
  expect(await foundAfter([entryGoes, saltsGo], [entryComes, saltsCome])).toMatchObject(removed);
  await tamper(ownerUrl, 'DROP TABLE kept, kept_salts');
});

test('an entry that was removed before it was sealed is named', async () => {
  const [about] = await write(1, { businessId });
  const { id } = await owner.auditLog.findFirstOrThrow({ where: { resourceId: about ?? '' } });
  const keep = `CREATE TABLE kept AS SELECT * FROM audit_logs WHERE id = '${id}'`;
  const found = await foundAfter(
    [keep, `DELETE FROM audit_logs WHERE id = '${id}'`],
    ['INSERT INTO audit_logs SELECT * FROM kept', 'DROP TABLE kept'],
  );
  expect(found).toMatchObject({ what: 'entry', how: 'removed', chain: businessId, id });
  // Nor does a run that seals make it disappear from the list.
  expect(await owner.auditUnsealed.count({ where: { id } })).toBe(1);
  await tamper(ownerUrl, `DELETE FROM audit_logs WHERE id = '${id}'`, `DELETE FROM audit_unsealed WHERE id = '${id}'`);
});

test('an entry that was inserted is named, also where it got salts or a place in a segment', async () => {
  const id = newId();
  const inserted = { what: 'entry', how: 'inserted', chain: businessId, id };
  const comes = `INSERT INTO audit_logs (id, business_id, action, resource_type, timestamp)
    VALUES ('${id}', '${businessId}', 'call.read', 'call', now() - interval '1 hour')`;
  const goes = `DELETE FROM audit_logs WHERE id = '${id}'`;
  expect(await foundAfter([comes], [goes])).toMatchObject({ ...inserted, number: null });
  const salts = `INSERT INTO audit_salts VALUES ('${id}', '${businessId}', 2, gen_random_uuid(), gen_random_uuid())`;
  const found = await foundAfter([comes, salts], [goes, `DELETE FROM audit_salts WHERE id = '${id}'`]);
  expect(found).toMatchObject({ ...inserted, number: 2 });
});

test('a segment that was changed, or signed by somebody else, is named', async () => {
  const { document, digest, signature } = await owner.auditSegment.findFirstOrThrow({
    where: { chain: businessId, number: 2 },
  });
  const changed = { what: 'segment', how: 'changed', chain: businessId, number: 2 };
  const set = (what: string) => `UPDATE audit_segments SET ${what} WHERE chain = '${businessId}' AND number = 2`;
  const undo = [set(`document = '${document}', digest = '${digest}', signature = '${signature}'`)];
  const first = document.indexOf('"entries":[["');
  const shorter = `${document.slice(0, first)}"entries":[]}`;
  for (const change of [
    set(`document = '${shorter}'`),
    set(`document = '{}'`),
    set(`document = 'not a document'`),
    set(`document = '${document.replace(/"key":"./, '"key":"x')}'`),
    set(`signature = '${Buffer.alloc(64).toString('base64')}'`),
    set(`digest = '${'0'.repeat(64)}'`),
    set(`(document, digest, signature) = (
      SELECT document, digest, signature FROM audit_segments WHERE chain = '${businessId}' AND number = 1)`),
  ]) {
    expect(await foundAfter([change], undo), change).toMatchObject(changed);
  }
});

test('a segment that was signed anew, by somebody who has the key, is named by the one behind it', async () => {
  const { document, digest, signature } = await owner.auditSegment.findFirstOrThrow({
    where: { chain: businessId, number: 2 },
  });
  const set = (as: { document: string; digest: string; signature: string }) =>
    `UPDATE audit_segments SET document = '${as.document}', digest = '${as.digest}', signature = '${as.signature}'
     WHERE chain = '${businessId}' AND number = 2`;
  const forged = document.replace(/"sealedAt":"\d{4}/, '"sealedAt":"2020');
  await tamper(ownerUrl, set({ document: forged, digest: digestOf(forged), signature: signingKey().sign(forged) }));
  const { fault } = await verify(null);
  await tamper(ownerUrl, set({ document, digest, signature }));
  expect(fault).toMatchObject({ what: 'segment', how: 'changed', chain: businessId, number: 3 });
});

test('entries that are marked as removed by retention before their time are named', async () => {
  const mark = (when: string) =>
    `UPDATE audit_segments SET removed_at = ${when} WHERE chain = '${businessId}' AND number = 2`;
  expect(await foundAfter([mark('now()')], [mark('NULL')])).toMatchObject({ what: 'entry', how: 'removed', number: 2 });
});

test.each([
  ['in the middle', 'chain = %business AND number = 2', 2],
  ['at the end', 'chain = %business AND number = 3', 3],
  ['with its whole chain', 'chain = %business', 1],
])('a segment that was removed %s, with its entries, is named, since the store has it', async (_, which, number) => {
  const where = which.replace('%business', `'${businessId}'`);
  const keep = ['audit_logs', 'audit_salts', 'audit_segments'].map(
    (table) => `CREATE TABLE kept_${table} AS TABLE ${table}`,
  );
  const goes = [
    `DELETE FROM audit_logs WHERE id IN (SELECT id FROM audit_salts WHERE ${where})`,
    `DELETE FROM audit_salts WHERE ${where}`,
    `DELETE FROM audit_segments WHERE ${where}`,
  ];
  const comes = [
    `INSERT INTO audit_segments SELECT * FROM kept_audit_segments WHERE ${where}`,
    `INSERT INTO audit_salts SELECT * FROM kept_audit_salts WHERE ${where}`,
    `INSERT INTO audit_logs SELECT * FROM kept_audit_logs WHERE id IN (SELECT id FROM kept_audit_salts WHERE ${where})`,
    'DROP TABLE kept_audit_logs, kept_audit_salts, kept_audit_segments',
  ];
  const found = await foundAfter([...keep, ...goes], comes);
  expect(found).toMatchObject({ what: 'segment', how: 'removed', chain: businessId, number });
});

test('a segment that was taken out of the store is named', async () => {
  const { digest } = await owner.auditSegment.findFirstOrThrow({ where: { chain: businessId, number: 2 } });
  const file = path.join('.data/storage/backups', segmentKey(businessId, 2, digest));
  await rename(file, 'taken');
  expect((await verify()).fault).toMatchObject({
    what: 'stored segment',
    how: 'removed',
    chain: businessId,
    number: 2,
  });
  await rename('taken', file);
});

test('what is in the store leads nobody back to what an entry said: it holds ids, hashes and no salts', async () => {
  const { digest } = await owner.auditSegment.findFirstOrThrow({ where: { chain: businessId, number: 2 } });
  const file = await readFile(path.join('.data/storage/backups', segmentKey(businessId, 2, digest)), 'utf8');
  const salts = await owner.auditSalt.findMany();
  for (const word of [
    'call.read',
    '203.0.113.7',
    ...salts.flatMap(({ salt, personalSalt }) => [salt, personalSalt ?? salt]),
  ])
    expect(file).not.toContain(word);
});
