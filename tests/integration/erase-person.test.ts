/** Who is erased stays erased, whatever backup is restored; who opted out is left alone. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { runNextJob, sweep } from '@/lib/jobs/run-jobs';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import { NotFound } from '@/lib/platform/errors';
import { blindIndex, indexColumns, indexWords, seal } from '@/lib/platform/sealing';
import { storage, storageKey } from '@/lib/platform/storage';
import { eraseAccount, eraseCaller, wantAccountErased, wantCallerErased } from '@/lib/privacy/erase-person';
import { readLedger, writeLedger } from '@/lib/privacy/ledger';
import { liftHold, placeHold } from '@/lib/privacy/legal-hold';
import { mayContact, optIn, optOut } from '@/lib/privacy/opt-out';
import { replayLedger } from '@/lib/privacy/replay-ledger';
import type { Steps } from '@/lib/privacy/steps';
import { testDatabase } from '@/tests/support/database';
import { deleteCallLine, deleteLine, pretendTwilio, sendsStatus } from '@/tests/support/pretend-twilio';
import {
  freshSid,
  makeBlock,
  makeBusiness,
  makeCall,
  makeInvitation,
  makePerson,
  ownerClient,
} from '@/tests/support/rows';
import { asMember, asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const twilio = await pretendTwilio();
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const owner = ownerClient(ownerUrl);
const steps: Steps = { asSystem: (run) => enterAsSystem(new Date(), run) };

const caller = '+14155550123';
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

let businessId: string;
let ana: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  for await (const { key } of storage('backups').list('ledger/')) await storage('backups').delete(key);
  await owner.legalHold.deleteMany();
  await owner.business.deleteMany();
  await owner.job.deleteMany();
  businessId = (await makeBusiness(owner)).id;
  ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
});

async function ledger() {
  const events = [];
  for await (const { event } of readLedger()) events.push(event);
  return events;
}

/** A call of the caller, with a recording that is here and at Twilio, a transcript and an event; and an appointment. */
async function callOf(number = caller, startedAt = hoursAgo(5)) {
  const call = await makeCall(owner, businessId, { startedAt, callerNumber: number, callerName: 'Ana' });
  const home = { businessId, callId: call.id };
  const id = newId();
  const recordingSid = freshSid('RE');
  const key = storageKey(businessId, 'recordings', id);
  await storage('recordings').put(key, new Blob(['voice']).stream());
  const file = { storageKey: key, contentType: 'audio/wav', bytes: 5, sha256: new Uint8Array(32), storedAt: startedAt };
  await owner.recording.create({
    data: { ...home, id, recordingSid, seconds: 9, status: 'stored', createdAt: startedAt, ...file },
  });
  const transcript = { ...home, id: newId(), recordingSid, status: 'completed' as const, createdAt: startedAt };
  await owner.transcript.create({ data: seal('Transcript', { ...transcript, text: 'It hurts.' }) });
  await owner.callEvent.create({ data: { ...home, id: newId(), key: 'k', kind: 'greeted', at: startedAt } });
  return { ...call, recordingSid, file: path.join('.data/storage/recordings', key) };
}
const appointmentOf = async (number = caller) => {
  const id = newId();
  await owner.appointment.create({
    data: {
      ...seal('Appointment', { businessId, id, customerName: 'Ana', customerPhone: number, notes: 'Allergic' }),
      ...indexColumns('customerPhoneIndex', blindIndex('phone', number)),
      startsAt: hoursAgo(-24),
      endsAt: hoursAgo(-25),
      service: 'Check-up',
    },
  });
  return id;
};
const erasedHere = async () => ({
  known: await owner.call.count({ where: { anonymised: false } }),
  recordings: await owner.recording.count(),
  transcripts: await owner.transcript.count(),
  events: await owner.callEvent.count(),
  appointments: await owner.appointment.count({ where: { anonymised: false } }),
});
const nothing = { known: 0, recordings: 0, transcripts: 0, events: 0, appointments: 0 };

describe('a caller', () => {
  test('is erased with every call and appointment, here and at Twilio; that there were calls stays', async () => {
    const calls = [await callOf(), await callOf()];
    await appointmentOf();
    for (const { recordingSid } of calls) twilio.on(deleteLine(recordingSid), sendsStatus(204));
    twilio.requests.length = 0;
    await asMember(ana.sessionId, wantCallerErased, { callId: calls[0]?.id ?? '' });
    await sweep();
    await sweep();
    expect(await erasedHere()).toEqual(nothing);
    expect(await owner.call.count()).toBe(2);
    for (const { file } of calls) expect(existsSync(file)).toBe(false);
    expect(twilio.requests.map(({ line }) => line).toSorted()).toEqual(
      calls.flatMap(({ callSid, recordingSid }) => [deleteCallLine(callSid), deleteLine(recordingSid)]).toSorted(),
    );
  });

  test('is forgotten by the list of the blocked, and others are not', async () => {
    const call = await callOf();
    await makeBlock(owner, businessId, caller);
    const other = await makeBlock(owner, businessId);
    const elsewhere = await makeBlock(owner, (await makeBusiness(owner)).id, caller);
    await asMember(ana.sessionId, wantCallerErased, { callId: call.id });
    await sweep();
    const left = await owner.knownCaller.findMany({ select: { id: true } });
    expect(left.map(({ id }) => id).toSorted()).toEqual([other, elsewhere].toSorted());
  });

  test('is erased alone: others who called stay as they are', async () => {
    const call = await callOf();
    const other = await callOf('+14155550199');
    await asMember(ana.sessionId, wantCallerErased, { callId: call.id });
    await sweep();
    expect(await erasedHere()).toMatchObject({ known: 1, recordings: 1, transcripts: 1 });
    expect(existsSync(other.file)).toBe(true);
  });

  test('whose call is an hour old at most is erased when Twilio has nothing more to say of it', async () => {
    const call = await callOf(caller, hoursAgo(0.5));
    await asMember(ana.sessionId, wantCallerErased, { callId: call.id });
    const { runAt } = await owner.job.findFirstOrThrow({ where: { kind: 'erase_caller' } });
    expect(runAt.getTime() - Date.now()).toBeGreaterThan(29 * 60_000);
    await owner.job.updateMany({ data: { runAt: hoursAgo(1) } });
    expect(await runNextJob()).toBe('again');
    expect(await erasedHere()).toMatchObject({ known: 1 });
  });

  test('who is nobody’s any more, or somebody else’s, is not found', async () => {
    const elsewhere = await makeBusiness(owner);
    const theirs = await makeCall(owner, elsewhere.id);
    const withheld = await makeCall(owner, businessId, { callerNumber: null });
    for (const { id } of [theirs, withheld])
      await expect(asMember(ana.sessionId, wantCallerErased, { callId: id })).rejects.toThrow(NotFound);
  });

  test.each(['call', 'person', 'business'] as const)(
    'under a legal hold of the %s is refused, and nothing of it is written down or deleted',
    async (on) => {
      const call = await callOf();
      const asked =
        on === 'call' ? { on, callId: call.id } : on === 'person' ? { on, number: caller } : ({ on } as const);
      await asMember(ana.sessionId, placeHold, { ...asked, reason: 'Case 7' });
      await expect(asMember(ana.sessionId, wantCallerErased, { callId: call.id })).rejects.toThrow('legal hold');
      const what = { businessId, callIds: [call.id], appointmentIds: [] };
      await expect(eraseCaller(steps, what)).rejects.toThrow('legal hold');
      expect(await ledger()).toEqual([]);
      expect(await erasedHere()).toMatchObject({ known: 1, recordings: 1, transcripts: 1 });
    },
  );

  test('is in the ledger, by ids alone, before anything of theirs is gone', async () => {
    const call = await callOf();
    const seen: object[] = [];
    const watched: Steps = {
      asSystem: async (run) => {
        const result = await steps.asSystem(run);
        seen.push({ written: (await ledger()).length, ...(await erasedHere()) });
        return result;
      },
    };
    await eraseCaller(watched, { businessId, callIds: [call.id], appointmentIds: [] });
    expect(seen[0]).toMatchObject({ written: 0, known: 1, recordings: 1 });
    for (const step of seen.slice(1)) expect(step).toMatchObject({ written: 1 });
    expect(await ledger()).toEqual([{ what: 'caller_erased', businessId, callIds: [call.id], appointmentIds: [] }]);
  });
});

describe('an account', () => {
  test('is erased with everything that is its own; what it did stays, under an id that leads to nobody', async () => {
    const ben = await makePerson(owner, { member: { businessId, role: 'staff' }, passwordHash: '$argon2id$' });
    await makeInvitation(owner, businessId, { email: ben.email });
    const index = blindIndex('email', ben.email);
    const entry = { userId: ben.id, action: 'call.read', resourceType: 'call', timestamp: hoursAgo(1) };
    const typed = { action: 'session.deny', resourceType: 'session', timestamp: hoursAgo(1) };
    await owner.auditLog.createMany({
      data: [
        { id: newId(), businessId, ...entry, ipAddress: '192.0.2.7', userAgent: 'Firefox' },
        { id: newId(), ...typed, details: { emailIndex: indexWords(index) as string } },
      ],
    });
    await asPerson(ben.sessionId, wantAccountErased, undefined);
    await sweep();
    expect(await owner.user.count({ where: { id: ben.id } })).toBe(0);
    for (const table of [owner.session, owner.credential, owner.membership] as const)
      expect(await (table as typeof owner.session).count({ where: { userId: ben.id } })).toBe(0);
    expect(await owner.invitation.count()).toBe(0);
    const entries = await owner.auditLog.findMany({ where: { timestamp: hoursAgo(1) } });
    for (const { ipAddress, userAgent, details } of await owner.auditLog.findMany({ where: { userId: ben.id } }))
      expect({ ipAddress, userAgent, details: Object(details).emailIndex }).toEqual({
        ipAddress: null,
        userAgent: null,
        details: undefined,
      });
    expect(JSON.stringify([entries, await owner.auditLog.findMany()])).not.toContain(indexWords(index));
    expect(await ledger()).toEqual([{ what: 'account_erased', userId: ben.id }]);
  });

  test('that is the only owner of a business is refused, with what to do first', async () => {
    await expect(asPerson(ana.sessionId, wantAccountErased, undefined)).rejects.toThrow('only owner of A business');
    await expect(eraseAccount(steps, { userId: ana.id })).rejects.toThrow('Hand it over');
    expect(await ledger()).toEqual([]);
    expect(await owner.user.count({ where: { id: ana.id } })).toBe(1);
  });

  test('in a business under a legal hold is refused', async () => {
    const ben = await makePerson(owner, { member: { businessId, role: 'staff' } });
    await asMember(ana.sessionId, placeHold, { on: 'business', reason: 'Case 7' });
    await expect(asPerson(ben.sessionId, wantAccountErased, undefined)).rejects.toThrow('legal hold');
    await expect(eraseAccount(steps, { userId: ben.id })).rejects.toThrow('legal hold');
  });

  test('of the last admin is refused', async () => {
    await owner.user.updateMany({ data: { role: 'user' } });
    const admin = await makePerson(owner, { role: 'admin', passwordHash: '$argon2id$' });
    await expect(eraseAccount(steps, { userId: admin.id })).rejects.toThrow('last admin');
  });
});

describe('the ledger, after a restore', () => {
  test('erases again who was erased after the backup', async () => {
    const call = await callOf();
    const appointment = await appointmentOf();
    const ben = await makePerson(owner, { member: { businessId, role: 'staff' } });
    await writeLedger({ what: 'caller_erased', businessId, callIds: [call.id], appointmentIds: [appointment] });
    await writeLedger({ what: 'account_erased', userId: ben.id });
    expect(await replayLedger(steps)).toEqual({ erasures: 2, optOuts: 0, holds: 0, refused: 0 });
    expect(await erasedHere()).toEqual(nothing);
    expect(existsSync(call.file)).toBe(false);
    expect(await owner.user.count({ where: { id: ben.id } })).toBe(0);
    expect(await replayLedger(steps)).toMatchObject({ erasures: 2, refused: 0 }); // twice changes nothing
  });

  test('leaves nobody in an account that was the only owner again', async () => {
    await writeLedger({ what: 'account_erased', userId: ana.id });
    await replayLedger(steps);
    expect(await owner.membership.count({ where: { businessId, role: 'business_owner' } })).toBe(1);
    expect(await owner.session.count({ where: { userId: ana.id } })).toBe(0);
    expect(await owner.user.count({ where: { emailIndex: blindIndex('email', ana.email).a } })).toBe(0);
  });

  test('knows who opted out, who took it back, what is held and how long things are kept', async () => {
    const call = await callOf();
    const out = (number: string) => ({ number, channel: 'texts' as const });
    await asMember(ana.sessionId, (visit) => optOut(visit, out(caller)), undefined);
    await asMember(ana.sessionId, (visit) => optOut(visit, out('+14155550188')), undefined);
    await asMember(ana.sessionId, placeHold, { on: 'person', number: caller, reason: 'Case 7' });
    await asMember(ana.sessionId, placeHold, { on: 'call', callId: call.id, reason: 'Case 8' });
    await sweep();
    await asMember(ana.sessionId, (visit) => optIn(visit, out('+14155550188')), undefined);
    const onCall = await owner.legalHold.findFirstOrThrow({ where: { callId: call.id } });
    await asMember(ana.sessionId, liftHold, { id: onCall.id });
    await sweep();
    await writeLedger({ what: 'periods_chosen', businessId, recording: 40, transcript: null, metadata: null });
    expect(await owner.job.count({ where: { doneAt: null } })).toBe(0);
    for (const event of await ledger()) expect(JSON.stringify(event)).not.toMatch(/4155550/);

    // The backup knew none of it.
    await owner.optOut.deleteMany();
    await owner.legalHold.deleteMany();
    expect(await replayLedger(steps)).toMatchObject({ erasures: 0, optOuts: 3, holds: 4 });
    const may = (number: string) => asMember(ana.sessionId, (visit) => mayContact(visit, out(number)), undefined);
    expect(await may(caller)).toBe(false);
    expect(await may('+14155550188')).toBe(true);
    expect(await owner.legalHold.findMany({ select: { callId: true, person: true } })).toEqual([
      { callId: null, person: expect.any(Uint8Array) },
    ]);
    expect(await owner.business.findUniqueOrThrow({ where: { id: businessId } })).toMatchObject({ recordingDays: 40 });
    const what = { businessId, callIds: [call.id], appointmentIds: [] };
    await expect(eraseCaller(steps, what)).rejects.toThrow('legal hold');
  });

  test('does not erase what a hold stops, and says so', async () => {
    const call = await callOf();
    await asMember(ana.sessionId, placeHold, { on: 'business', reason: 'Case 7' });
    await writeLedger({ what: 'caller_erased', businessId, callIds: [call.id], appointmentIds: [] });
    expect(await replayLedger(steps)).toMatchObject({ erasures: 0, refused: 1 });
    expect(await erasedHere()).toMatchObject({ known: 1, recordings: 1 });
  });

  test('is read from a moment on, and refused where an entry is none', async () => {
    await writeLedger({ what: 'account_erased', userId: newId() });
    expect(await replayLedger(steps, hoursAgo(-1))).toMatchObject({ erasures: 0 });
    expect(await replayLedger(steps, hoursAgo(1))).toMatchObject({ erasures: 1 });
    await storage('backups').put('ledger/9999.json', new Blob(['{"version":1']).stream());
    await expect(replayLedger(steps)).rejects.toThrow('no entry of the ledger');
  });
});

describe('an opt-out', () => {
  const out = { number: caller, channel: 'texts' as const };
  const run = <T>(useCase: (visit: Parameters<typeof optOut>[0]) => Promise<T>) =>
    asMember(ana.sessionId, (visit) => useCase(visit), undefined);

  test('counts at once, once, for its channel and its business alone', async () => {
    expect(await run((visit) => mayContact(visit, out))).toBe(true);
    const ids = await Promise.all([1, 2, 3].map(() => run((visit) => optOut(visit, out))));
    expect(new Set(ids).size).toBe(1);
    expect(await owner.optOut.count()).toBe(1);
    expect(await run((visit) => mayContact(visit, out))).toBe(false);
    expect(await run((visit) => mayContact(visit, { ...out, channel: 'calls' }))).toBe(true);
    const other = await makeBusiness(owner);
    const boss = await makePerson(owner, { member: { businessId: other.id, role: 'business_owner' } });
    expect(await asMember(boss.sessionId, (visit) => mayContact(visit, out), undefined)).toBe(true);
  });

  test('outlives the erasure of the caller, and can be said again after it was taken back', async () => {
    const call = await callOf();
    await run((visit) => optOut(visit, out));
    await eraseCaller(steps, { businessId, callIds: [call.id], appointmentIds: [] });
    expect(await run((visit) => mayContact(visit, out))).toBe(false);
    await run((visit) => optIn(visit, out));
    expect(await run((visit) => mayContact(visit, out))).toBe(true);
    await run((visit) => optOut(visit, out));
    expect(await run((visit) => mayContact(visit, out))).toBe(false);
  });
});
