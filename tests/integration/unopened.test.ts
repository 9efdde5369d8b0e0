/** What does not open is shown to nobody, and the operator hears of it, wherever it happened. */
import { NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { readCall } from '@/lib/calls/read-call';
import { download } from '@/lib/doors/page';
import { callback } from '@/lib/doors/webhook';
import { runNextJob } from '@/lib/jobs/run-jobs';
import { wantPeopleTold } from '@/lib/notifications/want-people-told';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { keyRing } from '@/lib/platform/keys';
import { log } from '@/lib/platform/log';
import { open } from '@/lib/platform/sealing';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { callFields, formOf, signedHeaders } from '@/tests/support/twilio-request';

const request = vi.hoisted(() => ({ cookie: '', behind: [] as (() => Promise<unknown>)[] }));
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: () => ({ value: request.cookie }) }),
  headers: async () => new Headers(),
}));
vi.mock('next/server', async (original) => ({
  ...(await original<object>()),
  connection: async () => {},
  after: (run: () => Promise<unknown>) => void request.behind.push(run),
}));

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const origin = { ipAddress: null, userAgent: null };
const keyId = 'deadbeef';

let call: { id: string; callSid: string };
beforeEach(async () => {
  await owner.job.deleteMany();
  request.behind.length = 0;
  const business = await makeBusiness(owner);
  call = await makeCall(owner, business.id);
  const person = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  request.cookie = await encode({ token: { sid: person.sessionId }, secret: process.env.SECRET_KEY ?? '' });
  vi.spyOn(log, 'error').mockImplementation(() => {});
  vi.spyOn(log, 'warn').mockImplementation(() => {});
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** Seals what a caller said with a key that is gone. */
const loseKey = () =>
  owner.$executeRaw`UPDATE calls SET wanted = overlay(wanted PLACING decode(${keyId}, 'hex') FROM 2) WHERE call_sid = ${call.callSid}`;
const alerts = () =>
  owner.job
    .findMany({ where: { kind: 'alert' }, select: { payload: true } })
    .then((jobs) => jobs.map(({ payload }) => payload));
const missing = [{ alert: 'missing_key', reference: keyId }];

const GET = download({
  requirePermission: 'view_calls',
  input: z.object({ id: z.uuid() }),
  load: readCall,
  respond: async () => new Response('the call'),
});
const opening = () => GET(new NextRequest('http://127.0.0.1:3000/x'), { params: Promise.resolve({ id: call.id }) });

test('V16.5.3 of a page whose key is missing nothing is shown, and the operator is told once an hour which key it is', async () => {
  await loseKey();
  for (let times = 0; times < 3; times += 1)
    await expect(opening()).rejects.toThrow(`Call.wanted needs key ${keyId}, which is not in ENCRYPTION_KEY`);
  expect(await alerts()).toEqual(missing);
  expect(log.error).toHaveBeenCalledWith({ event: 'seal.unopened', kind: 'missing_key', keyId });
});

test('of a job whose key is missing nothing is sent, it is tried again, and the operator is told', async () => {
  await enterByCall(call.callSid, origin, new Date(), (visit) => wantPeopleTold(visit, call.id));
  await owner.$executeRaw`UPDATE users SET email = overlay(email PLACING decode(${keyId}, 'hex') FROM 2)`;
  expect(await runNextJob()).toBe('done'); // it says who is told; a job for each of them follows
  expect(await runNextJob()).toBe('again');
  expect(await alerts()).toEqual(missing);
});

test('of a callback whose key is missing the sender is told to come again, and the operator is told', async () => {
  await loseKey();
  const POST = callback({
    run: async ({ tx }) => void open('Call', await tx.call.findFirstOrThrow({ where: { callSid: call.callSid } })),
  });
  const url = 'http://127.0.0.1:3000/api/twilio/recording';
  const fields = callFields(call.callSid, '+12125550100');
  const sent = { method: 'POST', headers: signedHeaders(url, fields), body: formOf(fields) };
  const answer = await POST(new NextRequest(url, sent));
  expect(answer.status).toBe(503);
  await Promise.all(request.behind.map((run) => run()));
  expect(await alerts()).toEqual(missing);
});

test('of a value that was changed the operator is told, and which key it names', async () => {
  await owner.$executeRaw`UPDATE calls SET wanted = set_byte(wanted, 20, get_byte(wanted, 20) # 1) WHERE call_sid = ${call.callSid}`;
  await expect(opening()).rejects.toThrow(/does not open here/);
  expect(await alerts()).toEqual([{ alert: 'does_not_open', reference: keyRing().first.name }]);
});
