/** What is kept no longer than promised is deleted on time; what is held stays; what is anonymised leads to nobody. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { listToday } from '@/lib/calls/list-today';
import type { RecordingStatus } from '@/lib/generated/prisma/enums';
import type { ClockRun } from '@/lib/jobs/clock-job';
import { sweep } from '@/lib/jobs/run-jobs';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import { blindIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { storage, storageKey } from '@/lib/platform/storage';
import { choosePeriods } from '@/lib/privacy/choose-periods';
import { placeHold } from '@/lib/privacy/legal-hold';
import { retention } from '@/lib/privacy/retention';
import { type Road, walk } from '@/lib/privacy/walk';
import { dataMap, type Model } from '@/lib/rules/data-map';
import { BUSINESS_ROWS_KEPT, endingOf, KEPT_DAYS, policyProblems, ROWS_KEPT } from '@/lib/rules/retention';
import { testDatabase } from '@/tests/support/database';
import { deleteLine, pretendTwilio, sendsStatus } from '@/tests/support/pretend-twilio';
import {
  freshSid,
  makeBlock,
  makeBusiness,
  makeCall,
  makeInvitation,
  makePerson,
  makeTelling,
  ownerClient,
} from '@/tests/support/rows';
import { asMember } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const twilio = await pretendTwilio();
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const owner = ownerClient(ownerUrl);

const day = 86_400_000;
/** So many days ago, and so many seconds more. */
const ago = (days: number, seconds = 0) => new Date(Date.now() - days * day - seconds * 1000);

let businessId: string;
beforeEach(async () => {
  await owner.legalHold.deleteMany();
  await owner.business.deleteMany();
  await owner.job.deleteMany();
  businessId = (await makeBusiness(owner)).id;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
});

const run = (job: 'retention' | 'anonymise', isDryRun = false) => startClockJob(job, { isDryRun });
const choose = (data: object) => owner.business.update({ where: { id: businessId }, data });

const caller = '+14155550123';

/** A call of then, with a recording, a transcript and a word said at the menu. */
async function wholeCall(startedAt: Date, status: RecordingStatus = 'settled') {
  const call = await makeCall(owner, businessId, { startedAt, callerName: 'Ana', callerNumber: caller });
  const home = { businessId, callId: call.id };
  const recordingId = newId();
  const recordingSid = freshSid('RE');
  const key = storageKey(businessId, 'recordings', recordingId);
  const isHere = status === 'stored' || status === 'settled';
  if (isHere) await storage('recordings').put(key, new Blob(['voice']).stream());
  const file = {
    storageKey: key,
    contentType: 'audio/wav',
    bytes: 5,
    sha256: new Uint8Array(32),
    storedAt: startedAt,
  };
  await owner.recording.create({
    data: {
      ...home,
      id: recordingId,
      recordingSid,
      seconds: 12,
      status,
      createdAt: startedAt,
      ...(isHere && file),
      ...(status === 'settled' && { remoteDeletedAt: startedAt }),
    },
  });
  await owner.transcript.create({
    data: seal('Transcript', {
      ...home,
      id: newId(),
      recordingSid,
      status: 'completed' as const,
      text: 'It hurts.',
      createdAt: startedAt,
    }),
  });
  await owner.callEvent.create({
    data: seal('CallEvent', { ...home, id: newId(), key: 'k', kind: 'chose', said: 'A message', at: startedAt }),
  });
  await makeTelling(owner, { ...home, userId: (await makePerson(owner)).id }, { at: startedAt });
  return { ...call, recordingId, recordingSid, file: path.join('.data/storage/recordings', key) };
}

const left = async () => ({
  recordings: await owner.recording.count({ where: { status: { not: 'removing' } } }),
  transcripts: await owner.transcript.count(),
  wanted: await owner.call.count({ where: { wanted: { not: null } } }),
  said: await owner.callEvent.count({ where: { said: { not: null } } }),
  known: await owner.call.count({ where: { anonymised: false } }),
});
const all = { recordings: 1, transcripts: 1, wanted: 1, said: 1, known: 1 };
const none = { recordings: 0, transcripts: 0, wanted: 0, said: 0, known: 0 };

/** Runs retention while somebody has made a change and not committed it yet; once it waits for them, they do. */
async function whileChanging(change: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await client.query(`BEGIN; ${change}`);
  let isOver = false;
  const going = run('retention').finally(() => {
    isOver = true;
  });
  const waits = () =>
    owner.$queryRaw<unknown[]>`SELECT FROM pg_locks WHERE NOT granted AND ${rows[0]?.pid} = ANY(pg_blocking_pids(pid))`;
  while (!isOver && (await waits()).length === 0) await pause(5);
  const hasWaited = !isOver;
  await client.query('COMMIT');
  await client.end();
  await going;
  expect(hasWaited).toBe(true);
}

test.each([
  { days: KEPT_DAYS.recording, last: 'recordings', gone: { recordings: 0 } },
  { days: KEPT_DAYS.transcript, last: 'said', gone: { recordings: 0, transcripts: 0, wanted: 0, said: 0 } },
  { days: KEPT_DAYS.metadata, last: 'known', gone: none },
] as const)(
  'V14.2.7 what is over after $days days is there a minute before, and gone a minute after',
  async ({ days, last, gone }) => {
    await wholeCall(ago(days, -60));
    await run('retention');
    expect((await left())[last]).toBe(1);

    await owner.business.deleteMany();
    businessId = (await makeBusiness(owner)).id;
    const { file } = await wholeCall(ago(days, 60));
    await run('retention');
    expect(await left()).toEqual({ ...all, ...gone });
    expect(existsSync(file)).toBe(false);
  },
);

test('V14.2.7 every model with a period on the data map ends with it, and every row with a clock of its own has one', () => {
  const periods = ['recording', 'transcript', 'metadata'] as const;
  const ending = (Object.keys(dataMap) as Model[]).filter((model) => periods.some((period) => endingOf(model, period)));
  expect(ending.toSorted()).toEqual(['Appointment', 'Call', 'CallEvent', 'Recording', 'Telling', 'Transcript']);

  const personal = (Object.keys(dataMap) as Model[]).filter((model) =>
    Object.values(dataMap[model]).some(
      (rule) => 'keep' in rule && rule.keep === 'row' && rule.of !== 'nobody' && rule.erase !== 'keep',
    ),
  );
  const clocks = new Set([...Object.keys(ROWS_KEPT), ...Object.keys(BUSINESS_ROWS_KEPT)]);
  expect(personal.filter((model) => !clocks.has(model))).toEqual([]);
});

test('what was said of a caller, and that owners were told of their minutes, goes after a year', async () => {
  const old = await makeBlock(owner, businessId);
  const young = await makeBlock(owner, businessId);
  await owner.knownCaller.updateMany({ where: { id: old }, data: { markedAt: ago(366) } });
  const notice = { businessId, percent: 80, minutesLimit: 30 };
  await owner.usageNotice.create({ data: { ...notice, month: '2024-01', noticedAt: ago(366) } });
  await owner.usageNotice.create({ data: { ...notice, month: '2026-01', noticedAt: ago(300) } });
  await run('retention');
  expect(await owner.knownCaller.findMany({ select: { id: true } })).toEqual([{ id: young }]);
  expect(await owner.usageNotice.count()).toBe(1);
});

test('a dry run says what would go, and changes nothing', async () => {
  const { file } = await wholeCall(ago(400));
  expect(await run('retention', true)).toMatchObject({ recordings: 1, transcripts: 1, words: 2, calls: 1 });
  expect(await left()).toEqual(all);
  expect(existsSync(file)).toBe(true);
  expect(await owner.retentionReport.count()).toBe(0);
  expect(await run('retention')).toMatchObject({ recordings: 1, transcripts: 1, words: 2, calls: 1 });
  expect(existsSync(file)).toBe(false);
});

describe('what a business chose', () => {
  test('a shorter time ends things sooner', async () => {
    await choose({ recordingDays: 2, transcriptDays: 3, metadataDays: 30 });
    await wholeCall(ago(2, 60));
    await run('retention');
    expect(await left()).toEqual({ ...all, recordings: 0 });
  });

  test('a longer time, with the law that asks for it, keeps things', async () => {
    await choose({ recordingDays: 500, transcriptDays: 500, metadataDays: 500, retentionBasis: 'A law' });
    await wholeCall(ago(499));
    await run('retention');
    expect(await left()).toEqual(all);
  });

  test('what is being changed is waited for: nothing goes by what was decided before', async () => {
    await wholeCall(ago(40));
    await whileChanging(
      `UPDATE businesses SET recording_days = 60, retention_basis = 'A law' WHERE id = '${businessId}'`,
    );
    expect(await left()).toEqual(all);
  });

  test('the database takes the choices that the rule takes, and no other', async () => {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    const fits = (values: readonly unknown[]) =>
      client
        .query(
          'UPDATE businesses SET recording_days = $2, transcript_days = $3, metadata_days = $4, retention_basis = $5 WHERE id = $1',
          [businessId, ...values],
        )
        .then(
          () => true,
          () => false,
        );
    for (const recording of [null, 0, 1, 30, 31, 366, 3650, 3651])
      for (const transcript of [null, 0, 1, 91])
        for (const metadata of [null, 29, 30, 90, 91, 366, 3650, 3651])
          for (const basis of [null, 'A law']) {
            const isRight = Object.keys(policyProblems({ recording, transcript, metadata, basis })).length === 0;
            const values = [recording, transcript, metadata, basis];
            expect({ values, fits: await fits(values) }).toEqual({ values, fits: isRight });
          }
    await client.end();
  });

  test('is written with its ledger entry wanted, and refused without the law', async () => {
    const ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
    const asked = { recording: 31, transcript: 90, metadata: 365, basis: null };
    await expect(asMember(ana.sessionId, choosePeriods, asked)).rejects.toThrow('Nothing has changed');
    await asMember(ana.sessionId, choosePeriods, { ...asked, basis: '45 CFR 164.316' });
    expect(await owner.business.findUniqueOrThrow({ where: { id: businessId } })).toMatchObject({
      recordingDays: 31,
      transcriptDays: null,
      metadataDays: null,
      retentionBasis: '45 CFR 164.316',
    });
    expect(await owner.job.count({ where: { kind: 'write_ledger' } })).toBe(1);
  });
});

describe('a legal hold', () => {
  const reason = { reason: 'Case 7' };
  test.each(['call', 'person', 'business'] as const)('of a %s stops all of it, until it is lifted', async (on) => {
    const call = await wholeCall(ago(400));
    const ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
    const asked =
      on === 'call' ? { on, callId: call.id } : on === 'person' ? { on, number: caller } : ({ on } as const);
    await asMember(ana.sessionId, placeHold, { ...asked, ...reason });
    await run('retention');
    await run('anonymise');
    expect(await left()).toEqual(all);
    expect(existsSync(call.file)).toBe(true);

    await owner.legalHold.deleteMany();
    await run('retention');
    expect(await left()).toEqual(none);
  });

  test('of one call lets the others go', async () => {
    const call = await wholeCall(ago(400));
    await wholeCall(ago(401));
    await owner.legalHold.create({
      data: { ...seal('LegalHold', { businessId, id: newId(), ...reason }), callId: call.id, placedAt: ago(0) },
    });
    await run('retention');
    expect(await left()).toEqual(all);
    expect(existsSync(call.file)).toBe(true);
  });

  test('of a person holds their appointments', async () => {
    const home = { businessId, id: newId() };
    await owner.appointment.create({
      data: {
        ...seal('Appointment', { ...home, customerName: 'Ana', customerPhone: caller, notes: 'Allergic' }),
        ...indexColumns('customerPhoneIndex', blindIndex('phone', caller)),
        startsAt: ago(401),
        endsAt: ago(400),
        service: 'Check-up',
      },
    });
    await owner.legalHold.create({
      data: {
        ...seal('LegalHold', { businessId, id: newId(), person: caller, ...reason }),
        ...indexColumns('personIndex', blindIndex('phone', caller)),
        placedAt: ago(0),
      },
    });
    await run('retention');
    expect(await owner.appointment.count({ where: { anonymised: false, notes: { not: null } } })).toBe(1);
    await owner.legalHold.deleteMany();
    expect(await run('retention')).toMatchObject({ appointments: 1, words: 1 });
  });

  test('that is being placed is waited for: nothing goes that it covers', async () => {
    await wholeCall(ago(400));
    const hold = seal('LegalHold', { businessId, id: newId(), ...reason });
    const sealed = Buffer.from(hold.reason).toString('hex');
    await whileChanging(`UPDATE businesses SET updated_at = now() WHERE id = '${businessId}';
      INSERT INTO legal_holds (business_id, id, reason, placed_at) VALUES ('${businessId}', '${hold.id}', '\\x${sealed}', now())`);
    expect(await left()).toEqual(all);
  });

  test('keeps a call from being deleted by hand', async () => {
    const call = await wholeCall(ago(1));
    await owner.legalHold.create({
      data: { ...seal('LegalHold', { businessId, id: newId(), ...reason }), callId: call.id, placedAt: ago(0) },
    });
    await expect(owner.call.deleteMany({ where: { id: call.id } })).rejects.toThrow(/foreign key/i);
  });
});

describe('what is anonymised', () => {
  test('leads to nobody: no id, number, name, time or word of the call is left in any table but the trail’s own ids', async () => {
    await choose({ zone: 'Asia/Kolkata' });
    // Ten past midnight in Kolkata on the first of a month: still the month before in UTC.
    const startedAt = new Date('2025-04-30T18:40:07.123Z');
    const call = await wholeCall(startedAt);
    const endedAt = new Date(startedAt.getTime() + 95_000);
    await owner.call.update({
      where: { callSid: call.callSid },
      data: {
        endedAt,
        secondsUsed: 95,
        secondsCharged: 90,
        heardAt: endedAt,
        heardBy: newId(),
        takenAt: endedAt,
        takenBy: newId(),
      },
    });
    await owner.job.createMany({
      data: [`tell-people ${call.id}`, `alert odd-callback ${call.callSid}`].map((key) => ({
        ...{ id: newId(), kind: 'alert', key, payload: { callId: call.id }, runAt: ago(20), doneAt: ago(20) },
      })),
    });
    await run('retention');
    const [row] = await owner.call.findMany();
    expect(row).toMatchObject({
      anonymised: true,
      status: 'completed',
      intent: 'message',
      secondsUsed: 95,
      secondsCharged: 90,
      startedAt: new Date('2025-04-30T18:30:00.000Z'), // midnight in Kolkata: the same month
      endedAt: new Date('2025-04-30T18:31:35.000Z'),
    });

    const index = blindIndex('phone', caller);
    const traces = [
      call.id,
      call.callSid,
      call.recordingId,
      call.recordingSid,
      Buffer.from(index.a).toString('hex'),
      Buffer.from(index.b).toString('hex'),
      '18:40:07',
      '18:41:42',
    ];
    const tables = await owner.$queryRaw<{ name: string }[]>`
      SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
    for (const { name } of tables) {
      const rows = await owner.$queryRawUnsafe<{ text: string }[]>(`SELECT t::text AS text FROM ${name} t`);
      const found = rows.flatMap(({ text }) => traces.filter((trace) => text.includes(trace)));
      expect({ name, found }).toEqual({ name, found: [] });
    }
    expect([await owner.callEvent.count(), await owner.telling.count()]).toEqual([0, 0]);
    // Nothing says which row it has become.
    const entries = await owner.auditLog.findMany({ where: { businessId } });
    expect(entries.length).toBeGreaterThan(0);
    expect(JSON.stringify(entries)).not.toContain(row?.id);
  });

  test('is asked for by nobody any more: it waits on no list', async () => {
    await wholeCall(ago(400));
    await run('retention');
    const ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
    expect(await asMember(ana.sessionId, listToday, undefined)).toMatchObject({ toCallBack: 0, unheard: 0 });
  });

  test('the job of its own does that and nothing else', async () => {
    await wholeCall(ago(400));
    expect(await run('anonymise')).toMatchObject({ calls: 0 }); // its recording is still here
    await owner.recording.deleteMany();
    await owner.transcript.deleteMany();
    expect(await run('anonymise')).toMatchObject({ calls: 1 });
  });
});

describe('copies at Twilio', () => {
  test.each(['stored', 'pending', 'failed'] as const)('of a recording that was %s go with it', async (status) => {
    const { recordingSid } = await wholeCall(ago(31), status);
    twilio.requests.length = 0;
    twilio.on(deleteLine(recordingSid), sendsStatus(204));
    await run('retention');
    await sweep();
    expect(twilio.requests.map(({ line }) => line)).toEqual([deleteLine(recordingSid)]);
  });

  test('that are gone are not asked for again', async () => {
    await wholeCall(ago(31), 'settled');
    await run('retention');
    expect(await owner.job.count()).toBe(0);
  });

  test('that could not be deleted are tried again each day', async () => {
    const reference = freshSid('RE');
    const job = { kind: 'erase_remote_recording', key: 'k', payload: { reference }, runAt: ago(60) };
    await owner.job.create({ data: { ...job, id: newId(), attempts: 8, deadAt: ago(60) } });
    twilio.on(deleteLine(reference), sendsStatus(204));
    expect(await run('retention')).toMatchObject({ retried: 1 });
    await sweep();
    expect(await owner.job.findFirst()).toMatchObject({ deadAt: null, doneAt: expect.any(Date) });
  });
});

test('rows with a clock of their own go when it has run out, and not before', async () => {
  const person = await makePerson(owner);
  const admin = await makePerson(owner, { role: 'admin' });
  const home = { userId: person.id };
  const hash = () => newId().replaceAll('-', '').repeat(2);
  const index = () => indexColumns('emailIndex', blindIndex('email', newId()));
  const make = async (days: (model: keyof typeof ROWS_KEPT) => Date) => {
    const span = (model: keyof typeof ROWS_KEPT) => ({ createdAt: ago(1000), expiresAt: days(model) });
    const email = { email: 'a@example.com', name: 'Ana' };
    await owner.signUp.create({
      data: {
        ...seal('SignUp', { id: newId(), ...email }),
        ...index(),
        passwordHash: '$argon2id$',
        ...span('SignUp'),
      },
    });
    await owner.emailChange.create({
      data: {
        ...seal('EmailChange', { id: newId(), oldEmail: 'a', newEmail: 'b' }),
        ...indexColumns('oldEmailIndex', blindIndex('email', newId())),
        ...indexColumns('newEmailIndex', blindIndex('email', newId())),
        ...home,
        sessionId: newId(),
        ...span('EmailChange'),
      },
    });
    const token = { purpose: 'unlock' as const, secretHash: hash() };
    await owner.oneTimeToken.create({ data: { id: newId(), ...home, ...token, ...span('OneTimeToken') } });
    await owner.pendingSignIn.create({ data: { id: newId(), ...home, ...span('PendingSignIn') } });
    await owner.spentChallenge.create({ data: { id: hash().slice(0, 32), expiresAt: days('SpentChallenge') } });
    const session = { idleSeconds: 60, lastSeenAt: ago(1000), ...span('Session') };
    await owner.session.create({ data: { id: newId(), ...home, ...session } });
    const at = { createdAt: ago(1000), lastSeenAt: days('KnownDevice') };
    await owner.knownDevice.create({ data: { id: newId(), ...home, ...at } });
    await owner.unknownSignIn.create({ data: { ...index(), updatedAt: days('UnknownSignIn') } });
    const failed = { failedSignIns: 1, lastFailedAt: days('NetworkFailure') };
    await owner.networkFailure.create({ data: { network: hash(), ...failed } });
  };
  await make((model) => ago(ROWS_KEPT[model].days, 60));
  await make((model) => ago(ROWS_KEPT[model].days, -60));
  const count = async () => ({
    signUps: await owner.signUp.count(),
    emailChanges: await owner.emailChange.count(),
    tokens: await owner.oneTimeToken.count(),
    pending: await owner.pendingSignIn.count(),
    challenges: await owner.spentChallenge.count(),
    sessions: await owner.session.count({ where: home }),
    devices: await owner.knownDevice.count(),
    unknown: await owner.unknownSignIn.count(),
    networks: await owner.networkFailure.count(),
  });
  const before = await count();
  await run('retention');
  expect(await count()).toEqual(Object.fromEntries(Object.entries(before).map(([what, many]) => [what, many - 1])));
  expect(await owner.session.count({ where: { userId: admin.id } })).toBe(1);
});

test('jobs that are done, and invitations that are over, go after their time', async () => {
  const job = (more: object) => ({ id: newId(), kind: 'alert', key: newId(), runAt: ago(60), ...more });
  await owner.job.createMany({
    data: [{ doneAt: ago(8) }, { doneAt: ago(6) }, { deadAt: ago(22) }, { deadAt: ago(20) }, {}].map(job),
  });
  const old = await makeInvitation(owner, businessId);
  await owner.invitation.updateMany({
    where: { id: old.id },
    data: { createdAt: ago(60), sentAt: ago(60), expiresAt: ago(31) },
  });
  await makeInvitation(owner, businessId);
  await run('retention');
  expect(await owner.job.count()).toBe(3);
  expect(await owner.invitation.count()).toBe(1);
});

test('a session that a look at the calls still names stays with it', async () => {
  const { id, sessionId } = await makePerson(owner, { role: 'admin', at: ago(100) });
  const reason = seal('AccessGrant', { businessId, id: newId(), reason: 'To test.' });
  const grant = {
    ...reason,
    userId: id,
    sessionId,
    startedAt: ago(100),
    expiresAt: new Date(ago(100).getTime() + 60_000),
  };
  await owner.accessGrant.create({ data: grant });
  await run('retention');
  expect(await owner.session.count({ where: { id: sessionId } })).toBe(1);
  await owner.accessGrant.deleteMany();
  await run('retention');
  expect(await owner.session.count({ where: { id: sessionId } })).toBe(0);
});

test('each run says how late it was, for the operator and for the business', async () => {
  await wholeCall(ago(KEPT_DAYS.recording, 3_600));
  const counts = await run('retention');
  expect(counts).toMatchObject({ recordings: 1 });
  const late = 'pastDueSeconds' in counts ? counts.pastDueSeconds : 0;
  expect(late).toBeGreaterThanOrEqual(3_600);
  expect(late).toBeLessThan(3_700);
  expect(await owner.retentionReport.findUnique({ where: { businessId } })).toMatchObject({
    recordings: 1,
    transcripts: 0,
    pastDueSeconds: late,
  });
  expect(await owner.jobRun.findFirst({ orderBy: { startedAt: 'desc' } })).toMatchObject({ counts });
});

test('each thing that goes is in the trail of its business, by number and not by name', async () => {
  await wholeCall(ago(400));
  await wholeCall(ago(401));
  await run('retention');
  const entries = await owner.auditLog.findMany({ where: { businessId }, orderBy: { id: 'asc' } });
  expect(entries.map(({ action, details }) => [action, Object(details).count])).toEqual([
    ['recording.delete', '2'],
    ['transcript.delete', '2'],
    ['call.update', '2'],
    ['call.update', '2'],
    ['call.anonymise', '2'],
  ]);
});

test('a run that is cut off has begun with whoever waited longest, and leaves the others for the next one', async () => {
  const other = (await makeBusiness(owner)).id;
  await run('retention');
  await owner.retentionReport.updateMany({ where: { businessId }, data: { lookedAt: ago(3) } });
  await owner.retentionReport.updateMany({ where: { businessId: other }, data: { lookedAt: ago(2) } });
  for (const id of [other, businessId]) {
    const call = await makeCall(owner, id, { startedAt: ago(91) });
    const home = { businessId: id, callId: call.id, id: newId(), recordingSid: freshSid('RE') };
    await owner.transcript.create({ data: { ...home, status: 'failed', createdAt: ago(91) } });
  }
  const cut = new AbortController();
  const killed: ClockRun = {
    id: newId(),
    isDryRun: false,
    signal: cut.signal,
    asSystem: async (act) => {
      const result = await enterAsSystem(new Date(), act);
      const { lookedAt } = await owner.retentionReport.findUniqueOrThrow({ where: { businessId } });
      if (lookedAt > ago(1)) cut.abort(new Error('cut off'));
      return result;
    },
  };
  await expect(retention(killed)).rejects.toThrow('cut off');
  expect(await owner.transcript.findMany({ select: { businessId: true } })).toEqual([{ businessId: other }]);
  await run('retention');
  expect(await owner.transcript.count()).toBe(0);
});

test('a transaction takes what is little in one go, and ends with a slice that was full', async () => {
  const transactions: string[][] = [];
  const road = (name: string, ...slices: readonly number[]): Road<'rows'> => ({
    what: 'rows',
    cutoff: new Date(),
    take: async (_, after) => {
      transactions.at(-1)?.push(name);
      const at = after.getTime();
      return { count: slices[at] ?? 0, oldest: null, next: at + 1 < slices.length ? new Date(at + 1) : null };
    },
  });
  const roads = [road('a'), road('b', 5, 5, 1), road('c'), road('d')];
  const counts = { rows: 0, pastDueSeconds: 0 };
  const asSystem: ClockRun['asSystem'] = (act) => {
    transactions.push([]);
    return enterAsSystem(new Date(), act);
  };
  await walk(
    { id: newId(), isDryRun: false, signal: new AbortController().signal, asSystem },
    async () => roads,
    counts,
  );
  expect(transactions).toEqual([['a', 'b'], ['b'], ['b', 'c', 'd']]);
  expect(counts.rows).toBe(11);
});
