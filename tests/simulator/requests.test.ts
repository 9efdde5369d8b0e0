import { createHmac } from 'node:crypto';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { expect, test } from 'vitest';
/** Bodies as they were seen in public repositories, by name. */
import captured from './captured-payloads.json';
import { ACCOUNT, CALLER, CLINIC, type Received, startLine, voice } from './line';

const LINE = {
  [voice]: '<Gather numDigits="1" action="/turn"/>',
  '/turn': `<Record action="/recorded?step=1&amp;name=O'Neil" recordingStatusCallback="/recording" transcribe="true" transcribeCallback="/transcription"/>`,
  '/recorded': '<Say>Goodbye.</Say>',
};

async function requestsOf(from = CALLER, more = {}): Promise<Received[]> {
  const { simulator, received } = await startLine(LINE);
  const at = new Date('2026-03-01T21:00:00Z');
  await simulator.placeCall({ to: CLINIC, from, at, script: [{ press: '2' }, { message: 'Grüße & "so"…' }], ...more });
  return received;
}

const byPath = (received: readonly Received[], path: string) =>
  received.find((one) => one.path === path)?.parameters ?? {};

test('every request, callbacks included, bears a signature that Twilio’s own library accepts', async () => {
  const received = await requestsOf();
  expect(received).toHaveLength(6);
  for (const { url, parameters, headers } of received) {
    expect(validateRequest(ACCOUNT.authToken, String(headers['x-twilio-signature']), url, parameters)).toBe(true);
  }
});

test('the headers are Twilio’s and no others', async () => {
  const [first] = await requestsOf();
  expect(Object.keys(first?.headers ?? {}).sort()).toEqual([
    'accept',
    'accept-encoding',
    'connection',
    'content-length',
    'content-type',
    'host',
    'i-twilio-idempotency-token',
    'user-agent',
    'x-aftercallpro-clock',
    'x-home-region',
    'x-twilio-signature',
  ]);
  expect(first?.headers).toMatchObject({
    accept: '*/*',
    'accept-encoding': 'gzip',
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'i-twilio-idempotency-token': expect.stringMatching(/^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/),
    'user-agent': 'TwilioProxy/1.1',
    'x-home-region': 'us1',
  });
});

test('each request says what time it is on the network, bound to that request by its signature', async () => {
  const times: string[] = [];
  for (const { headers } of await requestsOf()) {
    const [time = '', code] = String(headers['x-aftercallpro-clock']).split(';');
    const bound = `${time}|${headers['x-twilio-signature']}`;
    expect(code).toBe(createHmac('sha256', ACCOUNT.authToken).update(bound).digest('hex'));
    times.push(time);
  }
  expect(times[0]).toBe('2026-03-01T21:00:00.000Z');
  expect(times).toEqual([...times].sort());
});

test('a call in has every field of a captured one, and its older names say the same', async () => {
  const first = byPath(await requestsOf(), voice);
  const notOnTheWayIn = ['AnsweredBy', 'CallDuration', 'Duration', 'Timestamp', 'CallbackSource', 'SequenceNumber'];
  const expected = Object.keys(captured.outbound_completed).filter((name) => !notOnTheWayIn.includes(name));
  expect(Object.keys(first).sort()).toEqual([...expected, 'CallToken', 'StirVerstat'].sort());
  expect(first).toMatchObject({
    AccountSid: ACCOUNT.sid,
    ApiVersion: '2010-04-01',
    CallSid: expect.stringMatching(/^CA[\da-f]{32}$/),
    CallStatus: 'ringing',
    Direction: 'inbound',
    From: CALLER,
    Caller: CALLER,
    To: CLINIC,
    Called: CLINIC,
    CallerCity: '',
    FromCountry: 'US',
    StirVerstat: 'TN-Validation-Passed-A',
  });
  expect(Object.keys(JSON.parse(decodeURIComponent(first.CallToken ?? '')))).toEqual([
    'parentCallInfoToken',
    'identityHeaderTokens',
  ]);
});

test('a place that the carrier knows is sent under both names', async () => {
  const place = { city: 'NEW YORK', state: 'NY', zip: '10004', country: 'US' };
  expect(byPath(await requestsOf(CALLER, { place }), voice)).toMatchObject({
    FromCity: 'NEW YORK',
    CallerState: 'NY',
    FromZip: '10004',
    CallerCountry: 'US',
    ToCity: '',
  });
});

test('the end of a call has every field of a captured one', async () => {
  const status = byPath(await requestsOf(), '/api/twilio/voice/status');
  // Nobody asked a machine to tell who answered.
  const expected = Object.keys(captured.outbound_completed).filter((name) => name !== 'AnsweredBy');
  expect(Object.keys(status).sort()).toEqual(expected.sort());
  expect(status).toMatchObject({ CallStatus: 'completed', Duration: '1', CallbackSource: 'call-progress-events' });
  expect(status.Timestamp).toMatch(/^Sun, 01 Mar 2026 21:00:\d\d \+0000$/);
});

test('keys of a withheld caller have every field of a captured one', async () => {
  const turn = byPath(await requestsOf('+266696687'), '/turn');
  const { Digits, CallStatus, ...expected } = captured.gather_digits_from_withheld_caller;
  expect(turn).toMatchObject({ ...expected, CallStatus, Digits: '2' });
});

test.each(['anonymous', 'Restricted', '+8656696'])(
  'a caller withheld as %s is passed on as is, unattested',
  async (from) => {
    const first = byPath(await requestsOf(from), voice);
    expect(first).toMatchObject({ From: from, Caller: from, CallerCountry: '' });
    expect(first).not.toHaveProperty('StirVerstat');
  },
);

test('a finished recording has every field of a captured one', async () => {
  const recording = byPath(await requestsOf(), '/recording');
  expect(Object.keys(recording).sort()).toEqual(Object.keys(captured.record_status).sort());
  expect(recording).toMatchObject({
    RecordingSource: 'RecordVerb',
    RecordingStatus: 'completed',
    RecordingChannels: '1',
    ErrorCode: '0',
  });
});

test('a transcription carries the words as they were said', async () => {
  const transcription = byPath(await requestsOf(), '/transcription');
  expect(transcription).toMatchObject({
    TranscriptionSid: expect.stringMatching(/^TR/),
    TranscriptionText: 'Grüße & "so"…',
    TranscriptionStatus: 'completed',
    RecordingSid: expect.stringMatching(/^RE/),
    CallStatus: 'completed',
    From: CALLER,
    To: CLINIC,
  });
});

test('a message without words has a transcription that failed', async () => {
  const { simulator, received } = await startLine(LINE);
  await simulator.placeCall({ to: CLINIC, from: CALLER, script: [{ press: '2' }, 'silence'] });
  expect(byPath(received, '/transcription')).toMatchObject({ TranscriptionStatus: 'failed', TranscriptionText: '' });
});

test('the message is handed over before the call ends, and its recording and words follow when they are ready', async () => {
  const received = await requestsOf();
  expect(received.map((one) => one.path)).toEqual([
    voice,
    '/turn',
    '/recorded',
    '/api/twilio/voice/status',
    '/recording',
    '/transcription',
  ]);
});

test('the same seed makes the same call', async () => {
  const [one, other] = [await requestsOf(), await requestsOf()];
  const steady = ({ parameters, path }: Received) => ({
    path,
    parameters: { ...parameters, RecordingUrl: '', TranscriptionUrl: '' },
  });
  expect(one.map(steady)).toEqual(other.map(steady));
});
