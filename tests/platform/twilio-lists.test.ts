import type { ServerResponse } from 'node:http';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { pretendTwilio } from '@/tests/support/pretend-twilio';

const twilio = await pretendTwilio();
process.env.TWILIO_AUTH_TOKEN = `${'1'.repeat(32)},${'2'.repeat(32)}`;
const { callsSince, recordingsSince, transcriptionsOf } = await import('@/lib/platform/twilio-lists');

const account = '/2010-04-01/Accounts/AC00000000000000000000000000000000';
const since = new Date('2026-11-22T04:05:06.789Z');
const FIRST = `${account}/Calls.json?PageSize=1000&StartTime%3E=2026-11-22T04%3A05%3A06Z`;
const call = (n: number) => ({
  sid: `CA${String(n).padStart(32, '0')}`,
  from: '+14155550123',
  to: '+12125550100',
  direction: 'inbound',
  status: 'completed',
  duration: '49',
  start_time: 'Sun, 22 Nov 2026 04:06:00 +0000',
  end_time: 'Sun, 22 Nov 2026 04:06:50 +0000',
  caller_name: null,
  price: '-0.01',
});
const sends = (body: unknown) => (response: ServerResponse) =>
  void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
/** What a list gives, page by page. */
const all = async <T>(pages: AsyncIterable<readonly T[]>) => {
  const found: (readonly T[])[] = [];
  for await (const page of pages) found.push(page);
  return found;
};
const asked = () => twilio.requests.map(({ line }) => line);

beforeEach(() => {
  twilio.requests.length = 0;
  vi.spyOn(Math, 'random').mockReturnValue(0); // how long to wait before the next try
});
afterAll(() => twilio.close());

test('calls come page by page, from the moment that is asked for on', async () => {
  const next = `${account}/Calls.json?PageSize=1000&Page=1&PageToken=PACA1`;
  twilio.on(`GET ${FIRST}`, sends({ calls: [call(1), call(2)], next_page_uri: next }));
  twilio.on(`GET ${next}`, sends({ calls: [call(3)], next_page_uri: null }));
  const [first, second, ...more] = await all(callsSince(since));
  expect([first?.length, second?.length, more.length]).toEqual([2, 1, 0]);
  expect(first?.[0]).toEqual({
    sid: call(1).sid,
    from: '+14155550123',
    to: '+12125550100',
    direction: 'inbound',
    status: 'completed',
    callerName: '',
    seconds: 49,
    startedAt: new Date('2026-11-22T04:06:00Z'),
    endedAt: new Date('2026-11-22T04:06:50Z'),
  });
});

test.each([
  'https://elsewhere.example/2010-04-01/Accounts/AC00000000000000000000000000000000/Calls.json?Page=1',
  '//elsewhere.example/Calls.json?Page=1',
  '/2010-04-01/Accounts/AC11111111111111111111111111111111/Calls.json?Page=1',
  `${account}/Recordings.json?Page=1`,
  `${account}/Calls.json@elsewhere.example/?Page=1`,
])('a next page that is not of this list is not asked for: %s', async (next) => {
  twilio.on(`GET ${FIRST}`, sends({ calls: [], next_page_uri: next }));
  await expect(all(callsSince(since))).rejects.toMatchObject({ code: 'odd_next_page' });
  expect(asked()).toEqual([`GET ${FIRST}`]);
});

test('a bad moment of Twilio’s is waited for, a refusal is not', async () => {
  const line = `GET ${account}/Recordings.json?PageSize=1000&DateCreated%3E=2026-11-22T04%3A05%3A06Z`;
  const answers = [429, 500, 503];
  twilio.on(line, (response) => {
    const status = answers.shift();
    if (status) response.writeHead(status).end();
    else sends({ recordings: [] })(response);
  });
  expect(await all(recordingsSince(since))).toEqual([[]]);
  expect(asked()).toHaveLength(4);
  twilio.on(line, (response) => void response.writeHead(500).end());
  await expect(all(recordingsSince(since))).rejects.toMatchObject({ code: 'status_500' });
  expect(asked()).toHaveLength(8);
  twilio.on(line, (response) => void response.writeHead(403).end());
  await expect(all(recordingsSince(since))).rejects.toMatchObject({ code: 'status_403' });
  expect(asked()).toHaveLength(9);
});

test('who is asked to wait for minutes leaves it to the next run', async () => {
  twilio.on(`GET ${FIRST}`, (response) => void response.writeHead(429, { 'Retry-After': '120' }).end());
  await expect(all(callsSince(since))).rejects.toMatchObject({ code: 'status_429', waitSeconds: 120 });
  expect(asked()).toHaveLength(1);
});

test('a recording that was deleted in the meantime has no words', async () => {
  expect(await transcriptionsOf(`RE${'0'.repeat(32)}`)).toEqual([]);
});

test('where the first token is no longer taken the second one is', async () => {
  const basic = (token: string) =>
    `Basic ${Buffer.from(`AC00000000000000000000000000000000:${token}`).toString('base64')}`;
  twilio.on(`GET ${FIRST}`, (response, { headers }) => {
    if (headers.authorization === basic('2'.repeat(32))) sends({ calls: [call(1)] })(response);
    else response.writeHead(401).end();
  });
  expect(await all(callsSince(since))).toHaveLength(1);
  expect(twilio.requests.map(({ authorization }) => authorization)).toEqual([
    basic('1'.repeat(32)),
    basic('2'.repeat(32)),
  ]);
});
