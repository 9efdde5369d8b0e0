/**
 * A process that tells somebody by text may be killed at any moment. Here it dies before or after each step that reaches
 * outside it (a transaction, a request to Twilio), one life for each; the next life must end where an undisturbed one does,
 * with one text.
 */
import { afterAll, expect, test, vi } from 'vitest';
import { sweep } from '@/lib/jobs/run-jobs';
import { wantPeopleTold } from '@/lib/notifications/want-people-told';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { testDatabase } from '@/tests/support/database';
import { lookLine, messagesLine, pretendTwilio } from '@/tests/support/pretend-twilio';
import { freshSid, makeBusiness, makeCall, makeMobile, makePerson, ownerClient } from '@/tests/support/rows';

/** The life of the process: how many steps it has left, and every step it took. */
const life = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, steps: 0 }));
const { mortal } = vi.hoisted(() => {
  const step = () => {
    life.steps += 1;
    life.left -= 1;
    if (life.left < 0) throw new Error('killed');
  };
  return {
    mortal: async <T>(act: () => Promise<T>): Promise<T> => {
      step();
      const result = await act();
      step();
      return result;
    },
  };
});
vi.mock('@/lib/platform/enter', async (original) => {
  const real = await original<typeof import('@/lib/platform/enter')>();
  return {
    ...real,
    enterAsSystem: (...args: Parameters<typeof real.enterAsSystem>) => mortal(() => real.enterAsSystem(...args)),
    enterByJob: (...args: Parameters<typeof real.enterByJob>) => mortal(() => real.enterByJob(...args)),
  };
});
vi.mock('@/lib/platform/twilio-messages', async (original) => {
  const real = await original<typeof import('@/lib/platform/twilio-messages')>();
  return {
    ...real,
    sendText: (...args: Parameters<typeof real.sendText>) => mortal(() => real.sendText(...args)),
    findText: (...args: Parameters<typeof real.findText>) => mortal(() => real.findText(...args)),
  };
});

const { owner: ownerUrl } = await testDatabase();
const twilio = await pretendTwilio();
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
});

/** Somebody is told by a process that dies after so many steps, and then by one that does not. */
async function toldBy(stepsToLive: number) {
  await owner.job.deleteMany();
  const business = await makeBusiness(owner);
  const person = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  const mobile = await makeMobile(owner, person.id);
  await owner.membership.updateMany({ where: { userId: person.id }, data: { mailAbout: 'nothing', textAbout: 'all' } });
  const call = await makeCall(owner, business.id);
  const taken: { sid: string; body: string }[] = [];
  twilio.on(messagesLine, (response, _request, body) => {
    const text = { sid: freshSid('SM'), body: new URLSearchParams(body).get('Body') ?? '' };
    taken.push(text);
    response.writeHead(201).end(JSON.stringify(text));
  });
  twilio.on(lookLine(business.number, mobile), (response) =>
    response.writeHead(200).end(JSON.stringify({ messages: taken })),
  );
  await enterByCall(call.callSid, { ipAddress: null, userAgent: null }, new Date(), (visit) =>
    wantPeopleTold(visit, call.id),
  );

  life.left = stepsToLive;
  life.steps = 0;
  await sweep().catch(() => undefined);
  const { steps } = life;
  life.left = Number.POSITIVE_INFINITY;
  // The leases of the dead run out, and the waits of those who only failed are over; what is to be asked later still waits.
  await owner.$executeRaw`
    UPDATE jobs SET run_at = now() - interval '1 hour', leased_until = leased_until - interval '1 hour'
    WHERE done_at IS NULL AND kind <> 'check_text'`;
  await sweep();

  const tellings = await owner.telling.findMany({ where: { callId: call.id } });
  return {
    steps,
    state: {
      texts: taken.length,
      told: tellings.map(({ way, turn, state, messageSid }) => [way, turn, state, messageSid === taken[0]?.sid]),
      open: (await owner.job.findMany({ where: { doneAt: null } })).map(({ kind }) => kind),
    },
  };
}

test('fault 6: wherever it is killed, somebody gets one text, and the call says so', async () => {
  const { steps, state } = await toldBy(Number.POSITIVE_INFINITY);
  expect(steps).toBeGreaterThan(12);
  expect(state).toEqual({ texts: 1, told: [['text', 0, 'sent', true]], open: ['check_text'] });
  for (let at = 0; at <= steps; at += 1) expect({ at, ...(await toldBy(at)).state }).toEqual({ at, ...state });
}, 120_000);
