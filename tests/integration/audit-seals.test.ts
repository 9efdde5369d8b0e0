/** Seals over the trail: every entry gets one, nothing waits for it, and what is promised to happen leaves it intact. */
import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { removeSealedSegments } from '@/lib/audit/remove-sealed-segments';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { newId, now } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import { storage } from '@/lib/platform/storage';
import type { System, Visit } from '@/lib/platform/visit';
import { KEPT_DAYS } from '@/lib/rules/retention';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { clockRun, seal, tamper, verify, write } from '@/tests/support/trail';

const root = process.cwd();
const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

let businessId: string;
beforeEach(async () => {
  businessId = (await makeBusiness(owner)).id;
});
afterEach(async () => {
  await seal();
  expect((await verify()).fault).toBeNull();
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const segments = (chain = businessId) => owner.auditSegment.findMany({ where: { chain }, orderBy: { number: 'asc' } });
const sealedOnce = (about: readonly string[]) =>
  owner.$queryRaw`SELECT count(DISTINCT a.id)::int AS entries, count(*)::int AS places FROM audit_logs a
    JOIN audit_salts s ON s.id = a.id WHERE a.resource_id = ANY (${[...about]})`;
const asSystem = <T>(run: (visit: Visit<System>) => Promise<T>) => enterAsSystem(now(), run);
async function superuser(): Promise<pg.Client> {
  const url = inject('testServer').superuser.replace(/\/postgres(?=$|\?)/, new URL(ownerUrl).pathname);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
async function blank(userId: string, emailIndexes: readonly string[] = []): Promise<number> {
  const [blanked] = await asSystem(
    ({ tx }) => tx.$queryRaw<{ entries: number }[]>`
      SELECT blank_person_in_trail(${userId}::uuid, ${[...emailIndexes]}::text[], 100) AS entries`,
  );
  return blanked?.entries ?? 0;
}
const yearsAgo = (years: number) => new Date(now().getTime() - years * 366 * 86_400_000);

/** Whether this transaction is the one that seals what the business has done. */
const isSealing = async ({ tx }: Visit<System>) => (await tx.auditSegment.count({ where: { chain: businessId } })) > 0;

describe('a run', () => {
  test('seals what each business has done since, and what belongs to none, each once and in a chain of its own', async () => {
    const other = (await makeBusiness(owner)).id;
    const about = [
      ...(await write(3, { businessId })),
      ...(await write(2, { businessId: other })),
      ...(await write(1)),
    ];
    expect(await seal()).toMatchObject({ entries: 6, segments: 3, stored: 3 });
    expect(await sealedOnce(about)).toEqual([{ entries: 6, places: 6 }]);
    expect(await seal()).toEqual({ entries: 0, segments: 0, stored: 0 });
    const more = await write(1, { businessId });
    await seal();
    expect(await sealedOnce([...about, ...more])).toEqual([{ entries: 7, places: 7 }]);
    const [first, second] = await segments();
    expect(second?.document).toContain(`"number":2,"previous":"${first?.digest}"`);
    expect((await segments(other)).map(({ entries }) => entries)).toEqual([2]);
  });

  test('seals an entry that was begun before others and commits after they were sealed', async () => {
    const late = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await late.connect();
    const id = newId();
    await late.query(`BEGIN; SET LOCAL ROLE app_system; INSERT INTO audit_logs (id, business_id, action, resource_type, timestamp)
      VALUES ('${id}', '${businessId}', 'call.read', 'call', now())`);
    await write(2, { businessId });
    expect(await seal()).toMatchObject({ entries: 2 });
    await late.query('COMMIT');
    await late.end();
    expect(await seal()).toMatchObject({ entries: 1 });
    expect(await owner.auditSalt.count({ where: { id, number: 2 } })).toBe(1);
  });

  test('cuts a long list into segments, in order', async () => {
    await asSystem(
      ({ tx }) => tx.$executeRaw`
        INSERT INTO audit_logs (id, business_id, action, resource_type, timestamp)
        SELECT gen_random_uuid(), ${businessId}::uuid, 'call.read', 'call', now() FROM generate_series(1, 4100)`,
    );
    expect(await seal()).toMatchObject({ entries: 4_100, segments: 3 });
    const made = await segments();
    expect(made.map(({ entries }) => entries)).toEqual([2_000, 2_000, 100]);
    expect(await verify()).toMatchObject({ fault: null, unsealed: 0, unstored: 0 });
  });

  test('is waited for by nobody who writes an entry', async () => {
    await write(2, { businessId });
    let wrote: unknown;
    const holding = clockRun({
      asSystem: (run) =>
        asSystem(async (visit) => {
          const result = await run(visit);
          // Everything that sealing locks is locked in this moment, and stays so until this transaction ends.
          if (wrote === undefined && (await isSealing(visit))) wrote = await write(3, { businessId });
          return result;
        }),
    });
    await seal(holding);
    expect(wrote).toHaveLength(3);
  });

  test('in a dry run counts what waits and seals nothing', async () => {
    await write(2, { businessId });
    expect(await seal(clockRun({ isDryRun: true }))).toEqual({ entries: 2 });
    expect(await segments()).toEqual([]);
    await seal();
  });

  test('never forks a chain, however many run at once with nothing between them', async () => {
    const about = await write(30, { businessId });
    await Promise.allSettled(Array.from({ length: 4 }, () => seal()));
    await seal();
    expect(await sealedOnce(about)).toEqual([{ entries: 30, places: 30 }]);
  });
});

test('every role that may write into the trail has its entries sealed', async () => {
  const rows = await owner.$queryRaw<{ role: string; isNoted: boolean }[]>`
    SELECT grantee AS role, (SELECT pg_get_triggerdef(oid) LIKE '%''' || grantee || '''%' FROM pg_trigger WHERE tgname = 'note_unsealed') AS "isNoted"
    FROM information_schema.role_table_grants WHERE table_name = 'audit_logs' AND privilege_type = 'INSERT' AND grantee <> 'acp_owner'`;
  expect(rows.length).toBeGreaterThanOrEqual(5);
  expect(rows.filter(({ isNoted }) => !isNoted)).toEqual([]);
});

describe('an erasure', () => {
  test('blanks where a person’s entries came from, and what was typed of their address, and every seal verifies', async () => {
    const person = await makePerson(owner, { member: { businessId, role: 'staff' } });
    const [inOne, inOther] = ['0a'.repeat(33), '0b'.repeat(33)];
    const did = await write(3, { businessId, userId: person.id });
    const denied = { action: 'session.deny', resourceType: 'session' } as const;
    const typed = [
      ...(await write(1, { ...denied, details: { emailIndex: inOne, reason: 'password' } })),
      ...(await write(1, { ...denied, details: { emailIndex: [inOne, inOther], reason: 'password' } })), // while keys change
    ];
    const others = await write(2, { businessId });
    await seal();
    const unsealed = await write(1, { businessId, userId: person.id });
    const before = (await verify()).blanked;
    expect([await blank(person.id, [inOne, inOther]), await blank(person.id, [inOne, inOther])]).toEqual([6, 0]);
    const theirs = await owner.auditLog.findMany({ where: { resourceId: { in: [...did, ...typed, ...unsealed] } } });
    expect(theirs.map(({ ipAddress, userAgent }) => [ipAddress, userAgent])).toEqual(Array(6).fill([null, null]));
    expect(JSON.stringify(theirs)).not.toContain(inOne);
    expect(theirs.filter(({ details }) => JSON.stringify(details) === '{"reason":"password"}')).toHaveLength(2);
    expect(await owner.auditLog.count({ where: { resourceId: { in: others }, ipAddress: null } })).toBe(0);
    await seal();
    expect(await verify()).toMatchObject({ fault: null, blanked: before + 5 });
  });

  test('that comes while an entry is being sealed waits for its seal, and is not undone by it', async () => {
    const userId = newId();
    await write(2, { businessId, userId });
    let blanking: Promise<number> | undefined;
    const holding = clockRun({
      asSystem: (run) =>
        asSystem(async (visit) => {
          const result = await run(visit);
          if (!blanking && (await isSealing(visit))) {
            blanking = blank(userId);
            await waitsForALock();
          }
          return result;
        }),
    });
    await seal(holding);
    expect(await blanking).toBe(2);
    expect(await verify()).toMatchObject({ fault: null });
    expect(await owner.auditLog.count({ where: { userId, ipAddress: null } })).toBe(2);
  });

  const waitsForALock = async () => {
    const client = await superuser();
    await expect
      .poll(async () => {
        const { rowCount } = await client.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%blank_person%'`,
        );
        return rowCount;
      })
      .toBe(1);
    await client.end();
  };
});

describe('retention', () => {
  test('removes whole segments that are past their time, once, and their seals stay and verify', async () => {
    const old = await write(3, { businessId, at: yearsAgo(3) });
    await seal();
    const mixed = [...(await write(1, { businessId, at: yearsAgo(3) })), ...(await write(1, { businessId }))];
    await seal();
    const before = new Date(now().getTime() - KEPT_DAYS.audit * 86_400_000);
    expect(await removeSealedSegments(clockRun({ isDryRun: true }), before)).toBe(3);
    const runs = [removeSealedSegments(clockRun(), before), removeSealedSegments(clockRun(), before)];
    expect((await Promise.all(runs)).reduce((sum, entries) => sum + entries)).toBe(3);
    expect(await owner.auditLog.count({ where: { resourceId: { in: old } } })).toBe(0);
    expect(await owner.auditLog.count({ where: { resourceId: { in: mixed } } })).toBe(2);
    const [first] = await segments();
    expect(first?.removedAt).not.toBeNull();
    expect(await owner.auditSalt.count({ where: { chain: businessId, number: 1 } })).toBe(0);
    expect(await verify()).toMatchObject({ fault: null, emptied: 1 });
    await write(1, { businessId });
    await seal();
    expect(await segments()).toHaveLength(3);
  });

  test('removes nothing younger than two years, whatever it is told', async () => {
    await write(2, { businessId, at: new Date(now().getTime() - (KEPT_DAYS.audit - 1) * 86_400_000) });
    await seal();
    expect(await removeSealedSegments(clockRun(), now())).toBe(0);
    expect(await owner.auditLog.count({ where: { businessId } })).toBe(2);
  });
});

describe('the trail', () => {
  test('V16.4.2 lets the role behind erasure and retention do these two things and nothing else', async () => {
    const [about] = await write(1, { businessId, details: { reason: 'none' } });
    const entry = await owner.auditLog.findFirstOrThrow({ where: { resourceId: about ?? '' } });
    const keeper = await superuser();
    await keeper.query('SET ROLE app_trail_keeper');
    const update = (what: string) => `UPDATE audit_logs SET ${what} WHERE id = '${entry.id}'`;
    for (const statement of [
      update(`ip_address = '203.0.113.99'`),
      update(`ip_address = NULL`), // a part of the three
      update(`ip_address = NULL, user_agent = NULL, details = '{}'`),
      update(`ip_address = NULL, user_agent = NULL, action = 'call.update'`),
      `DELETE FROM audit_logs WHERE id = '${entry.id}'`,
      'TRUNCATE audit_logs',
      `INSERT INTO audit_logs (id, action, resource_type, timestamp) VALUES ('${newId()}', 'a.b', 'c', now())`,
      `UPDATE audit_segments SET document = ''`,
      `INSERT INTO audit_salts SELECT * FROM audit_salts`,
    ])
      await expect(keeper.query(statement), statement).rejects.toThrow(/append-only|permission denied/);
    await keeper.query(update(`ip_address = NULL, user_agent = NULL, details = details - 'emailIndex'`));
    await keeper.end();
    const { details } = await owner.auditLog.findFirstOrThrow({ where: { id: entry.id } });
    expect(details).toEqual({ reason: 'none' });
    await seal();
  });

  test('V16.4.2 has no way in for any other role, nor a way into that one', async () => {
    for (const role of ['app_viewer', 'app_admin', 'app_grantee', 'app_sign_in']) {
      for (const call of [`remove_sealed_segment('${newId()}', 1)`, `blank_person_in_trail('${newId()}', '{}', 1)`]) {
        const attempt = database().prisma.$transaction(async (tx) => {
          await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`);
          await tx.$queryRawUnsafe(`SELECT ${call}`);
        });
        await expect(attempt, `${role}: ${call}`).rejects.toThrow(/permission denied/);
      }
    }
    await expect(database().pool.query('SET ROLE app_trail_keeper')).rejects.toThrow(/permission denied/);
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    await expect(client.query('SET ROLE app_trail_keeper')).rejects.toThrow(/permission denied/);
    await client.end();
  });
});

describe('npm run audit', () => {
  const newKey = () =>
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

  async function run(script: 'audit' | 'job', args: readonly string[], environment: Record<string, string> = {}) {
    const tsx = path.join(root, 'node_modules/tsx/dist/loader.mjs');
    const child = spawn(process.execPath, ['--import', tsx, path.join(root, `scripts/${script}.ts`), ...args], {
      env: { ...process.env, TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json'), ...environment },
    });
    let [out, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = await once(child, 'close');
    return { code: code as number, out, said };
  }

  test('explains itself, says what it does not understand, and what it cannot look at', async () => {
    const help = await run('audit', ['--help']);
    expect(help).toMatchObject({ code: 0, said: '' });
    expect(help.out).toContain('npm run audit -- verify');
    for (const args of [[], ['mend'], ['verify', 'all'], ['verify', '--force']])
      expect(await run('audit', args), args.join()).toMatchObject({ code: 2, out: '' });
    const away = await run('audit', ['verify'], { DATABASE_URL: 'postgresql://app:secret@127.0.0.1:1/none' });
    expect(away).toMatchObject({ code: 3, out: '' });
    expect(away.said).not.toContain('secret');
  });

  test('says how much is intact, and of what is not, names the first', async () => {
    const [about] = await write(3, { businessId });
    await seal();
    const intact = await run('audit', ['verify']);
    expect(intact.code, intact.said).toBe(0);
    expect(intact.out).toMatch(/^Intact: [\d,]+ entries in [\d,]+ segments\.$/m);
    const { id } = await owner.auditLog.findFirstOrThrow({ where: { resourceId: about ?? '' } });
    await tamper(ownerUrl, `UPDATE audit_logs SET action = 'call.update' WHERE id = '${id}'`);
    const { code, out } = await run('audit', ['verify']);
    await tamper(ownerUrl, `UPDATE audit_logs SET action = 'call.read' WHERE id = '${id}'`);
    expect(code).toBe(1);
    expect(out).toContain(`Entry ${id} was changed (segment 1 of the trail of business ${businessId})`);
  });

  test('the key is changed while the chain goes on: the new one signs, the old one’s public half is enough', async () => {
    const [oldKey, newOne] = [process.env.AUDIT_SIGNING_KEY ?? '', newKey()];
    await write(1, { businessId });
    await seal();
    const [oldPublic, newPublic] = (
      await run('audit', ['public-key'], { AUDIT_SIGNING_KEY: `${oldKey},${newOne}` })
    ).out
      .trim()
      .split(',');
    await write(1, { businessId });
    const job = await run('job', ['seal-audit'], { AUDIT_SIGNING_KEY: `${newOne},${oldPublic}` });
    expect(job.code, job.said).toBe(0);
    const keys = (await segments()).map(({ document }) => JSON.parse(document).key);
    expect(new Set(keys).size).toBe(2);
    const isIntact = await run('audit', ['verify'], { AUDIT_SIGNING_KEY: `${newPublic},${oldPublic}` });
    expect(isIntact.code, isIntact.out).toBe(0);
    const without = await run('audit', ['verify'], { AUDIT_SIGNING_KEY: newOne });
    expect(without.code).toBe(1);
    expect(without.out).toContain('which signed it, is not in AUDIT_SIGNING_KEY');
    // A machine with public keys alone cannot seal.
    await write(1, { businessId });
    expect(await run('job', ['seal-audit'], { AUDIT_SIGNING_KEY: `${newPublic},${oldPublic}` })).toMatchObject({
      code: 1,
    });
    // Only the other tests' trail is left to the key that they know.
    await tamper(
      ownerUrl,
      'DELETE FROM audit_salts',
      'DELETE FROM audit_segments',
      'DELETE FROM audit_unsealed',
      'DELETE FROM audit_logs',
    );
    for await (const { key } of storage('backups').list('seals/')) await storage('backups').delete(key);
  });

  test('a segment verifies with openssl and the public key, and none of our code', async () => {
    await write(2, { businessId });
    await seal();
    const [segment] = await segments();
    const { out } = await run('audit', ['public-key']);
    await writeFile('public.der', Buffer.from(out.trim(), 'base64'));
    await writeFile('document', segment?.document ?? '');
    await writeFile('signature', Buffer.from(segment?.signature ?? '', 'base64'));
    const verified = execFileSync('openssl', [
      ...['pkeyutl', '-verify', '-pubin', '-inkey', 'public.der', '-keyform', 'DER', '-rawin'],
      ...['-in', 'document', '-sigfile', 'signature'],
    ]);
    expect(verified.toString()).toContain('Signature Verified Successfully');
  });
});

test('the job is one of the clock’s, and two at once do it once', async () => {
  await write(2, { businessId });
  const ends = await Promise.all([startClockJob('seal-audit'), startClockJob('seal-audit')]);
  expect(ends.filter((end) => 'running' in end)).toHaveLength(1);
  expect(await segments()).toHaveLength(1);
});
