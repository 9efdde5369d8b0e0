/**
 * A call's rows tell what happened on it, whatever the network did to the requests on their way: sent twice, at once, late,
 * or before their time.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { open } from '@/lib/platform/sealing';
import { startSimulator } from '@/simulator/simulator';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, ownerClient } from '@/tests/support/rows';
import { callFields, type Fields, sendSigned } from '@/tests/support/twilio-request';

/** A request of a call, as it was sent: with the network's own time. */
type Sent = { readonly path: string; readonly fields: Readonly<Record<string, string>>; readonly at: Date };

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const duty = ['+14155550101', '+14155550102'];

// Between the network and the application, which is known by this address: what passes is written down.
let app: Application;
let passed: Sent[] = [];
const between = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const path = request.url ?? '';
  const [time = ''] = String(request.headers['x-aftercallpro-clock']).split(';');
  passed.push({ path, fields: Object.fromEntries(new URLSearchParams(body)), at: new Date(time) });
  const { 'content-length': _, connection, ...headers } = request.headers as Record<string, string>;
  const answer = await fetch(`${app.url}${path}`, { method: 'POST', headers, body });
  response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
  response.end(await answer.text());
});
between.listen(0, '127.0.0.1');
await once(between, 'listening');
const appUrl = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
const { TWILIO_ACCOUNT_SID: sid = '', TWILIO_AUTH_TOKEN: authToken = '' } = process.env;
const network = await startSimulator({ appUrl, account: { sid, authToken }, port: 0 });
app = await startApplication({ APP_URL: appUrl, TWILIO_API_BASE_URL: network.url });

afterAll(async () => {
  await app.stop();
  await network.close();
  between.close();
  between.closeAllConnections();
  await owner.$disconnect();
});

/** Does it again until the machine was quick enough for it: past its budget a request is answered, and not written down. */
async function inTime<T extends { readonly requests: readonly Sent[] }>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    const done = await act();
    const tooLate = app
      .logged()
      .split('\n')
      .filter((line) => /"webhook\.(?:fell_back|failed)"/.test(line));
    const calls = new Set(done.requests.map(({ fields }) => fields.CallSid ?? ''));
    if (!tooLate.some((line) => calls.has(JSON.parse(line).callSid))) return done;
  }
}

const recordCall = (
  at: string,
  request: Omit<Parameters<typeof network.placeCall>[0], 'to' | 'from' | 'at'>,
  transcriptSource: 'recording' | 'live' = 'recording',
) =>
  inTime(async () => {
    const { id, number } = await makeBusiness(owner, { duty });
    await owner.business.update({ where: { id }, data: { transcriptSource } });
    passed = [];
    await network.placeCall({ to: number, from: '+12125550199', at: new Date(at), ...request });
    return { number, requests: passed.map(({ fields, ...rest }) => ({ ...rest, fields: named(fields) })) };
  });
/** Twilio looks the caller's name up for every request of a call, where the number was bought with that. */
const named = (fields: Sent['fields']) => ({ ...fields, CallerName: 'ANN EXAMPLE' });

type RecordedCall = Awaited<ReturnType<typeof recordCall>>;

/** The same requests for another call to another business, so that each run starts from nothing. */
async function again({ number, requests }: RecordedCall) {
  const { id, number: called } = await makeBusiness(owner, { duty });
  const fresh = new Map<string, string>([[number, called]]);
  const replaced = (value: string) =>
    value.replaceAll(/\b(CA|RE|TR|GT)[0-9a-f]{32}\b|\+\d{8,15}/g, (old, kind?: string) => {
      if (kind && !fresh.has(old)) fresh.set(old, `${kind}${newId().replaceAll('-', '')}`);
      return fresh.get(old) ?? old;
    });
  return {
    businessId: id,
    requests: requests.map(({ fields, ...rest }): Sent & { readonly begins: boolean } => ({
      ...rest,
      fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, replaced(value)])),
      begins: (fields as Sent['fields']).To === number,
    })),
  };
}

const send = async ({ path, fields, at }: Sent) => {
  await sendSigned(appUrl, path, fields, { at });
};

/** All that is written down of a business's one call, but for ids, and for the aftermath, which is the jobs' own. */
async function story(businessId: string) {
  const calls = await owner.call.findMany({ where: { businessId } });
  const [call] = calls;
  if (!call || calls.length !== 1) throw new Error(`${calls.length} calls`);
  const { callerNumber, callerName, wanted } = open('Call', call);
  const { startedAt, endedAt, status, intent, urgent, uncharged, secondsUsed, secondsCharged } = call;
  const events = await owner.callEvent.findMany({ where: { businessId }, orderBy: { key: 'asc' } });
  const jobs = await owner.job.findMany({ where: { businessId }, orderBy: { kind: 'asc' } });
  const recordings = await owner.recording.findMany({ where: { businessId } });
  const transcripts = await owner.transcript.findMany({ where: { businessId } });
  const created = await owner.auditLog.findMany({ where: { businessId, action: { endsWith: '.create' } } });
  return {
    startedAt,
    rows: {
      call: { callerNumber, callerName, wanted, status, intent, urgent, uncharged, secondsUsed, secondsCharged },
      lasted: endedAt && (endedAt.getTime() - startedAt.getTime()) / 1000,
      events: events
        .filter(({ kind }) => !/^(told|saved|saving)/.test(kind))
        .map((event) => {
          const { key, kind, detail, said } = { ...event, ...open('CallEvent', event) };
          const { contactId: _, ...facts } = Object(detail);
          return { key: key.replace(/(RE|GT)[0-9a-f]{32}/, '$1'), kind, detail: facts, said };
        })
        .toSorted((a, b) => a.key.localeCompare(b.key)),
      recordings: recordings.map(({ seconds }) => seconds),
      transcripts: transcripts.map((transcript) => open('Transcript', transcript).text),
      // Whose end was reported before somebody's having taken it: the job finds that there is nothing to tell.
      jobs: jobs.map(({ kind }) => kind).filter((kind) => kind !== 'tell_people' || status !== 'forwarded'),
      audited: created.map(({ action }) => action).toSorted(),
    },
  };
}

type Again = Awaited<ReturnType<typeof again>>['requests'];

/** What a call's rows are when its requests are sent in this way. */
const played = (call: RecordedCall, sendAll: (requests: Again) => Promise<void>) =>
  inTime(async () => {
    const { businessId, requests } = await again(call);
    await sendAll(requests);
    return { requests, ...(await story(businessId)) };
  });

describe.each([
  {
    call: 'an emergency on a Sunday that nobody takes, and an urgent message',
    record: () =>
      recordCall('2026-11-22T21:00:00Z', {
        script: [
          { press: '3' },
          { say: 'this is an emergency' },
          { message: 'There is water everywhere. Please come.' },
        ],
        people: { [duty[0] ?? '']: 'say nothing', [duty[1] ?? '']: 'no answer' },
      }),
    expected: { status: 'completed', intent: 'emergency', urgent: true },
  },
  {
    call: 'a wish for an appointment in opening hours, when nobody was free',
    record: () =>
      recordCall('2026-11-23T15:00:00Z', {
        script: ['silence', { say: 'what are your hours' }, { say: 'an appointment' }, { message: 'Tuesday at ten?' }],
        people: { others: 'busy' },
      }),
    expected: { status: 'completed', intent: 'appointment', urgent: false },
  },
  {
    call: 'an emergency that the second person takes',
    record: () =>
      recordCall('2026-11-22T21:00:00Z', {
        script: [{ press: '4' }],
        people: { [duty[0] ?? '']: 'no answer', [duty[1] ?? '']: 'press 1' },
      }),
    expected: { status: 'forwarded', intent: 'emergency', urgent: true },
  },
  {
    call: 'a message that is written down while the caller speaks',
    record: () =>
      recordCall(
        '2026-11-22T21:00:00Z',
        { script: [{ press: '1' }, { message: 'My boiler is cold. Please call me back.' }] },
        'live',
      ),
    expected: { status: 'completed', intent: 'message', urgent: false },
  },
  {
    call: 'an answering machine that talks to ours',
    record: () =>
      recordCall(
        '2026-11-22T21:00:00Z',
        { script: ['silence', 'silence', 'silence', { message: 'Please leave a message after the tone.' }] },
        'live',
      ),
    expected: { status: 'missed', intent: 'message', urgent: false },
  },
  {
    call: 'a call on which nobody says anything',
    record: () => recordCall('2026-11-22T21:00:00Z', { script: ['silence', 'hang up'] }),
    expected: { status: 'missed', intent: 'none', urgent: false },
  },
  {
    call: 'hours heard, and a message begun and not left',
    record: () => recordCall('2026-11-22T21:00:00Z', { script: [{ press: '3' }, { press: '1' }, 'hang up'] }),
    expected: { status: 'missed', intent: 'message', urgent: false },
  },
])('$call', ({ record, expected }) => {
  let call: RecordedCall;
  let told: Awaited<ReturnType<typeof story>>;
  beforeAll(async () => {
    call = await record();
    told = await played(call, async (requests) => {
      for (const request of requests) await send(request);
    });
  });

  test('is told by its rows', () => {
    expect(told.rows.call).toMatchObject({ ...expected, callerNumber: '+12125550199', callerName: 'ANN EXAMPLE' });
    expect(new Set(told.rows.jobs).size).toBe(told.rows.jobs.length);
  });

  test('fault 5: is the same when each request is sent twice at once', async () => {
    const { rows } = await played(call, async (requests) => {
      for (const request of requests) await Promise.all([send(request), send(request)]);
    });
    expect(rows).toEqual(told.rows);
  });

  test('fault 5: is the same in any order, each request twice, some at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...call.requests.keys(), ...call.requests.keys()], {
          minLength: 2 * call.requests.length,
        }),
        fc.integer({ min: 1, max: 3 }),
        async (order, atOnce) => {
          const { rows, startedAt } = await played(call, async (requests) => {
            const shuffled = order.flatMap((index) => requests[index] ?? []);
            // Only one that names the number called can be the first we hear of a call.
            const first = shuffled.find(({ begins }) => begins);
            if (!first) throw new Error('no request names the number called');
            await send(first);
            for (let from = 0; from < shuffled.length; from += atOnce) {
              await Promise.all(shuffled.slice(from, from + atOnce).map(send));
            }
          });
          expect(rows).toEqual(told.rows);
          // A row that is begun late begins no later than the call was answered.
          expect(startedAt.getTime() - told.startedAt.getTime()).toBeLessThan(60_000);
        },
      ),
      { numRuns: 6 },
    );
  });
});

test('a turn whose earlier requests never reached us goes on where it is, and its call has a row', async () => {
  const { id, number } = await makeBusiness(owner);
  const fields = callFields(freshSid('CA'), number, { Digits: '1' });
  const answer = await sendSigned(appUrl, '/api/twilio/voice/turn?step=menu&attempt=2', fields);
  expect(await answer.text()).toContain('action="/api/twilio/voice/recorded?step=message&amp;attempt=1"');
  expect((await story(id)).rows.call).toMatchObject({ status: 'in_progress', intent: 'message' });
});

test('a turn that has lost the number called still finds its call', async () => {
  const { id, number } = await makeBusiness(owner);
  const { To, ...fields } = callFields(freshSid('CA'), number);
  await sendSigned(appUrl, '/api/twilio/voice', { ...fields, To } as Fields);
  const answer = await sendSigned(appUrl, '/api/twilio/voice/turn?step=menu&attempt=1', {
    ...fields,
    Digits: '1',
  } as Fields);
  expect(await answer.text()).toContain('<Record');
  expect((await story(id)).rows.call.intent).toBe('message');
});

test('a call of which we hear only that it ended is there, as long as it was', async () => {
  const { id, number } = await makeBusiness(owner);
  const at = new Date('2026-11-22T21:00:00Z');
  const fields = callFields(freshSid('CA'), number, { CallStatus: 'completed', CallDuration: '90' });
  await sendSigned(appUrl, '/api/twilio/voice/status', fields, { at });
  const { startedAt, rows } = await story(id);
  expect(startedAt).toEqual(new Date('2026-11-22T20:58:30Z'));
  expect(rows.call).toMatchObject({ status: 'missed', secondsUsed: 90, secondsCharged: 90 });
});

test('a recording of a call that we do not have is reported to the operator', async () => {
  const callSid = freshSid('CA');
  const recording = { CallSid: callSid, RecordingSid: freshSid('RE'), RecordingStatus: 'completed' };
  for (let n = 0; n < 2; n += 1) {
    expect((await sendSigned(appUrl, '/api/twilio/recording', recording)).status).toBe(204);
  }
  await expect
    .poll(() => owner.job.findMany({ where: { key: `alert odd-callback ${callSid}` } }), { timeout: 10_000 })
    .toHaveLength(1);
});

test('fields in a form that we do not know count as unknown, and the operator hears of it once a day', async () => {
  const { number } = await makeBusiness(owner);
  const odd = { CallStatus: 'vibrating', RecordingDuration: 'a while', DialBridged: 'perhaps' };
  for (const webhook of [
    '/voice',
    '/voice/recorded?step=message&attempt=1',
    '/voice/dial-result?step=duty&attempt=1',
  ]) {
    const answer = await sendSigned(appUrl, `/api/twilio${webhook}`, callFields(freshSid('CA'), number, odd));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/<Say/)]);
  }
  await sendSigned(appUrl, '/api/twilio/voice/status', callFields(freshSid('CA'), number, { CallStatus: 'gone' }));
  const day = new Date().toISOString().slice(0, 10);
  expect(await owner.job.findMany({ where: { key: { startsWith: 'alert odd-fields' } } })).toMatchObject([
    { kind: 'alert', key: `alert odd-fields ${day}`, payload: { alert: 'odd_callback' } },
  ]);
});
