/** Owners hear of a call, and nobody who reads their mail hears of the caller. */
import { mkdtempSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { sweep } from '@/lib/jobs/run-jobs';
import { wantJob } from '@/lib/jobs/want-job';
import { wantOwnerTold } from '@/lib/notifications/want-owner-told';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterByCall } from '@/lib/platform/enter';
import { readOutbox, sendMail } from '@/lib/platform/mail';
import { MOST_ATTEMPTS } from '@/lib/rules/retries';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

process.env.ALERT_EMAIL = 'alerts@example.com';
const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

let business: { id: string };
let call: { id: string; callSid: string };
beforeEach(async () => {
  await owner.job.deleteMany();
  business = await makeBusiness(owner, { name: 'Sunrise Clinic' });
  call = await makeCall(owner, business.id, { wanted: 'My tooth hurts.', startedAt: new Date('2026-11-23T02:04:00Z') });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const anOwner = (email?: string) =>
  makePerson(owner, { member: { businessId: business.id, role: 'business_owner' }, ...(email && { email }) });
const want = () =>
  enterByCall(call.callSid, { ipAddress: null, userAgent: null }, new Date(), (visit) => wantOwnerTold(visit, call.id));
const later = () =>
  owner.$executeRaw`UPDATE jobs SET run_at = now() - interval '1 hour' WHERE done_at IS NULL AND dead_at IS NULL`;
const mailTo = async (email: string) => (await readOutbox()).filter(({ to }) => to === email);
const kinds = async () =>
  (await owner.callEvent.findMany({ where: { callId: call.id }, orderBy: { kind: 'asc' } })).map(({ kind }) => kind);

test('every owner gets a mail of their own, staff and neighbours get none', async () => {
  const [olive, otto] = [await anOwner(), await anOwner()];
  const staff = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
  const neighbour = await makePerson(owner, {
    member: { businessId: (await makeBusiness(owner)).id, role: 'business_owner' },
  });
  await want();
  await want();
  await sweep();
  for (const { email } of [olive, otto]) expect(await mailTo(email)).toHaveLength(1);
  for (const { email } of [staff, neighbour]) expect(await mailTo(email)).toEqual([]);
  expect(await kinds()).toEqual(['told', 'told']);
  const [mail] = await mailTo(olive.email);
  expect(mail?.text).toContain('Somebody left a message for Sunrise Clinic at 9:04 pm');
  expect(mail?.text).toContain(`http://127.0.0.1:3000/dashboard/calls/${call.id}`);
});

test('no mail holds anything of the caller', async () => {
  const { email } = await anOwner();
  await want();
  await sweep();
  const [mail] = await mailTo(email);
  const folder = '.data/outbox';
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')));
  for (const text of [JSON.stringify(mail), ...files])
    expect(text).not.toMatch(/tooth|hurts|4155550123|555-?0123|\+1415/);
});

test('the mail says that a call is urgent', async () => {
  const { email } = await anOwner();
  await owner.call.updateMany({ where: { id: call.id }, data: { urgent: true, intent: 'emergency' } });
  await want();
  await sweep();
  expect((await mailTo(email))[0]?.subject).toBe('Urgent: Somebody called Sunrise Clinic with an emergency');
});

test('an owner who cannot be written to keeps nobody from being told, and nobody is told twice', async () => {
  const broken = await anOwner('broken@example.com,eve@example.com');
  const fine = await anOwner();
  await want();
  await sweep();
  const [first] = await mailTo(fine.email);
  expect(await kinds()).toEqual(['told']);
  for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
    await later();
    await sweep();
  }
  expect(await mailTo(fine.email)).toEqual([first]);
  expect(await mailTo(broken.email)).toEqual([]);
  expect(await mailTo('eve@example.com')).toEqual([]);
  expect(await kinds()).toEqual(['told', 'told_failed']);
  const job = await owner.job.findFirstOrThrow({ where: { kind: 'tell_owner' } });
  expect(job).toMatchObject({ attempts: MOST_ATTEMPTS, lastError: 'MailError bad_address' });
  expect(job.deadAt).not.toBeNull();
  expect((await mailTo('alerts@example.com'))[0]?.text).toContain(job.id);
});

test('a business without an owner is reported to the operator', async () => {
  await want();
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    await sweep();
    await later();
  }
  expect(await kinds()).toEqual(['told_failed']);
});

test('opening the addresses of owners is in the trail', async () => {
  const { id } = await anOwner();
  await want();
  await sweep();
  const entries = await owner.auditLog.findMany({ where: { businessId: business.id, action: 'user.read' } });
  expect(entries.map(({ details }) => details)).toEqual([{ ids: [id], reason: 'tell_owner' }]);
});

test('an alert is sent once for a key', async () => {
  const raise = () =>
    enterAsSystem(new Date(), (visit) =>
      wantJob(visit, {
        kind: 'alert',
        key: `alert test ${call.id}`,
        payload: { alert: 'unknown_number', reference: call.callSid },
      }),
    );
  await raise();
  await raise();
  await sweep();
  await raise();
  await sweep();
  const about = (await mailTo('alerts@example.com')).filter(({ text }) => text.includes(call.callSid));
  expect(about.map(({ subject }) => subject)).toEqual(['A call came in for a number that nobody owns']);
});

describe('the outbox', () => {
  test('holds each mail as a file that a mail program opens', async () => {
    await sendMail({ id: 'one', to: 'ann@example.com', subject: 'Zoë’s\r\nBcc: eve@example.com', text: 'Grüße' });
    expect(await mailTo('ann@example.com')).toMatchObject([
      { subject: 'Zoë’s\r\nBcc: eve@example.com', text: 'Grüße' },
    ]);
    const files = await Promise.all(
      (await readdir('.data/outbox'))
        .filter((name) => name.endsWith('.eml'))
        .map((name) => readFile(path.join('.data/outbox', name), 'utf8')),
    );
    const file = files.find((text) => text.includes('ann@example.com')) ?? '';
    expect(file).toContain('Message-ID: <one@aftercallpro.test>');
    expect(file).not.toMatch(/^Bcc:/m);
  });

  test('takes no mail to an address that could be read as two', async () => {
    const before = await readOutbox();
    for (const to of [
      'ann@example.com\r\nBcc: eve@example.com',
      'ann@example.com,eve@example.com',
      'ann＠example.com',
    ]) {
      await expect(sendMail({ id: 'two', to, subject: 'x', text: 'x' })).rejects.toThrow('cannot be sent');
    }
    expect(await readOutbox()).toEqual(before);
  });
});
