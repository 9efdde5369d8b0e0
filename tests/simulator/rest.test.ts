import twilio from 'twilio';
import { expect, test } from 'vitest';
import { operationNames } from '@/simulator/rest/openapi';
import { handlers } from '@/simulator/rest/rest';
import { ACCOUNT, CALLER, CLINIC, startLine, voice } from './line';

/** A line on which one message has been left, and Twilio's own client for the network. */
async function afterAMessage() {
  const { simulator, appUrl } = await startLine({
    [voice]: '<Record action="/recorded"/>',
    '/recorded': '<Say>Goodbye.</Say>',
  });
  const call = await simulator.placeCall({
    to: CLINIC,
    from: CALLER,
    at: new Date('2026-03-01T21:00:00Z'),
    script: [{ message: 'My tooth hurts since this morning.', seconds: 7 }],
  });
  const client = twilio(ACCOUNT.sid, ACCOUNT.authToken);
  client.api.baseUrl = simulator.url;
  const sid = call.recordings[0]?.sid ?? '';
  const media = `${simulator.url}/2010-04-01/Accounts/${ACCOUNT.sid}/Recordings/${sid}`;
  return { simulator, appUrl, client, call, sid, media };
}

const AUTHORISED = { Authorization: `Basic ${btoa(`${ACCOUNT.sid}:${ACCOUNT.authToken}`)}` };

test.each(['', '.wav', '.mp3'])(
  'a recording asked for as "%s" is a WAV file as long as the message',
  async (extension) => {
    const { media } = await afterAMessage();
    const response = await fetch(media + extension, { headers: AUTHORISED });
    expect(response.headers.get('content-type')).toBe('audio/x-wav');
    const file = Buffer.from(await response.arrayBuffer());
    expect(file.subarray(0, 4).toString()).toBe('RIFF');
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect([file.readUInt16LE(22), file.readUInt32LE(24), file.readUInt16LE(34)]).toEqual([1, 8000, 16]);
    expect(file.readUInt32LE(40)).toBe(7 * 8000 * 2);
    const samples = Array.from({ length: 7 * 8000 }, (_, at) => Math.abs(file.readInt16LE(44 + at * 2)));
    const loudest = Math.max(...samples);
    expect(loudest).toBeGreaterThan(3000);
    expect(loudest).toBeLessThan(32_767);
  },
);

test.each([
  ['none', {}],
  ['a wrong token', { Authorization: `Basic ${btoa(`${ACCOUNT.sid}:wrong`)}` }],
])('with %s for credentials nothing is given out', async (_, headers) => {
  const { media, simulator } = await afterAMessage();
  for (const [method, address] of [
    ['GET', `${media}.wav`],
    ['DELETE', `${media}.json`],
    ['POST', `${simulator.url}/simulator/calls`],
  ] as const) {
    const response = await fetch(address, { method, headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      code: 20003,
      message: 'Authenticate',
      more_info: 'https://www.twilio.com/docs/errors/20003',
      status: 401,
    });
  }
  expect((await fetch(media, { headers: AUTHORISED })).status).toBe(200);
});

test('a deleted recording is gone, its audio and its description', async () => {
  const { client, sid, media } = await afterAMessage();
  expect(await client.recordings(sid).remove()).toBe(true);
  await expect(client.recordings(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  await expect(client.recordings(sid).remove()).rejects.toMatchObject({ status: 404, code: 20404 });
  const response = await fetch(`${media}.wav`, { headers: AUTHORISED });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 20404, status: 404 });
});

test('Twilio’s own client reads a recording', async () => {
  const { client, sid, call, media } = await afterAMessage();
  expect(await client.recordings(sid).fetch()).toMatchObject({
    sid,
    callSid: call.callSid,
    duration: '7',
    status: 'completed',
    channels: 1,
    source: 'RecordVerb',
    mediaUrl: media,
    startTime: new Date('2026-03-01T21:00:01Z'),
  });
});

test('Twilio’s own client reads a call that has ended', async () => {
  const { client, call } = await afterAMessage();
  expect(await client.calls(call.callSid).fetch()).toMatchObject({
    sid: call.callSid,
    from: CALLER,
    to: CLINIC,
    status: 'completed',
    direction: 'inbound',
    duration: String(call.ended.seconds),
    startTime: new Date('2026-03-01T21:00:00Z'),
  });
  await expect(client.calls(`CA${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({ code: 20404 });
});

test('a call is deleted once it is over, and its recordings stay', async () => {
  const { simulator } = await startLine({
    [voice]: '<Record action="/recorded" maxLength="5"/>',
    '/recorded': '<Hangup/>',
  });
  const client = twilio(ACCOUNT.sid, ACCOUNT.authToken);
  client.api.baseUrl = simulator.url;
  const refused: unknown[] = [];
  const caller = async () => {
    const [underway] = await client.calls.list();
    const call = client.calls(underway?.sid ?? '');
    refused.push(await call.remove().catch((error: unknown) => error));
    return { say: 'My tooth hurts.', seconds: 5 };
  };
  const { callSid, recordings } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: caller });
  expect(refused).toEqual([expect.objectContaining({ status: 409, code: 20009 })]);

  expect(await client.calls(callSid).remove()).toBe(true);
  await expect(client.calls(callSid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  await expect(client.calls(callSid).remove()).rejects.toMatchObject({ status: 404, code: 20404 });
  expect(await client.calls.list()).toEqual([]);
  expect(await client.recordings(recordings[0]?.sid ?? '').fetch()).toMatchObject({ callSid, status: 'completed' });
});

test('recordings are listed by call and by day, page after page', async () => {
  const { client, simulator, call } = await afterAMessage();
  for (const day of ['02', '03']) {
    await simulator.placeCall({
      to: CLINIC,
      from: CALLER,
      at: new Date(`2026-03-${day}T21:00:00Z`),
      script: [{ message: 'Again.' }],
    });
  }
  const days = async (query: Parameters<typeof client.recordings.list>[0]) =>
    (await client.recordings.list(query)).map((recording) => recording.dateCreated.getUTCDate());
  expect(await days({ pageSize: 2 })).toEqual([3, 2, 1]);
  expect(await days({ callSid: call.callSid })).toEqual([1]);
  expect(await days({ dateCreatedAfter: new Date('2026-03-02T00:00:00Z') })).toEqual([3, 2]);
  expect(await days({ dateCreatedBefore: new Date('2026-03-02T00:00:00Z') })).toEqual([1]);
});

test('what is not there, or another account’s, is not found', async () => {
  const { simulator } = await afterAMessage();
  for (const path of [
    '/',
    '/2010-04-01/Accounts/ACother/Recordings.json',
    `/2010-04-01/Accounts/${ACCOUNT.sid}/Queues.json`,
  ]) {
    expect((await fetch(simulator.url + path, { headers: AUTHORISED })).status).toBe(404);
  }
});

test('Twilio’s own client lists calls by moment, number, status and parent', async () => {
  const { client, simulator, call } = await afterAMessage();
  const later = await simulator.placeCall({
    to: CLINIC,
    from: '+12025550124',
    at: new Date('2026-03-02T21:00:00Z'),
    script: ['hang up'],
  });
  const sids = async (query: Parameters<typeof client.calls.list>[0]) =>
    (await client.calls.list(query)).map(({ sid }) => sid);
  expect(await sids({})).toEqual([later.callSid, call.callSid]);
  expect(await sids({ startTimeAfter: new Date('2026-03-01T21:00:00Z') })).toEqual([later.callSid, call.callSid]);
  expect(await sids({ startTimeAfter: new Date('2026-03-01T21:00:01Z') })).toEqual([later.callSid]);
  expect(await sids({ startTimeBefore: new Date('2026-03-02T20:59:59Z') })).toEqual([call.callSid]);
  expect(await sids({ from: '+12025550124' })).toEqual([later.callSid]);
  expect(await sids({ status: 'no-answer' })).toEqual([]);
  expect(await sids({ parentCallSid: call.callSid })).toEqual([]);
  expect(await sids({ pageSize: 1 })).toEqual([later.callSid, call.callSid]);
});

test('the next page goes on where the last one ended, whatever has come in between', async () => {
  const { simulator, call } = await afterAMessage();
  const place = (day: string) =>
    simulator.placeCall({ to: CLINIC, from: CALLER, at: new Date(`2026-03-${day}T21:00:00Z`), script: ['hang up'] });
  await place('02');
  const read = async (path: string) =>
    (await fetch(simulator.url + path, { headers: AUTHORISED }).then((response) => response.json())) as {
      calls: { sid: string }[];
      next_page_uri: string;
    };
  const first = await read(`/2010-04-01/Accounts/${ACCOUNT.sid}/Calls.json?StartTime>=2026-03-01&PageSize=1`);
  await place('03');
  const second = await read(first.next_page_uri);
  expect(second.calls.map(({ sid }) => sid)).toEqual([call.callSid]);
  expect(second.next_page_uri).toBeNull();
});

test('the recordings and the words of a call are found through the call', async () => {
  const { client, call, sid } = await afterAMessage();
  const [recording] = await client.calls(call.callSid).recordings.list();
  expect(recording).toMatchObject({ sid, callSid: call.callSid, duration: '7' });
  expect(await client.recordings(sid).transcriptions.list()).toEqual([]);
  await expect(client.calls(`CA${'0'.repeat(32)}`).recordings.list()).rejects.toMatchObject({ code: 20404 });
});

test('words that were asked for are there until they are deleted', async () => {
  const { simulator } = await startLine({
    [voice]: '<Record action="/recorded" transcribe="true" transcribeCallback="/words"/>',
    '/recorded': '<Say>Goodbye.</Say>',
  });
  const call = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [{ message: 'My tooth hurts.' }] });
  const client = twilio(ACCOUNT.sid, ACCOUNT.authToken);
  client.api.baseUrl = simulator.url;
  const [found] = await client.recordings(call.recordings[0]?.sid ?? '').transcriptions.list();
  expect(found).toMatchObject({ transcriptionText: 'My tooth hurts.', status: 'completed' });
  const one = client.transcriptions(found?.sid ?? '');
  expect(await one.fetch()).toMatchObject({ transcriptionText: 'My tooth hurts.' });
  expect(await one.remove()).toBe(true);
  await expect(one.fetch()).rejects.toMatchObject({ code: 20404 });
});

test('a deleted recording is described to whoever asks for deleted ones', async () => {
  const { client, sid, media } = await afterAMessage();
  await client.recordings(sid).remove();
  const described = await fetch(`${media}.json?IncludeSoftDeleted=true`, { headers: AUTHORISED });
  expect(await described.json()).toMatchObject({ sid, status: 'deleted' });
});

test('every operation that Twilio describes here is answered, and no other', () => {
  expect(Object.keys(handlers).sort()).toEqual([...operationNames].sort());
});

test.each([
  ['Calls.json?StartTime=yesterday', 'StartTime does not have the form date-time'],
  ['Calls.json?Status=ended', /^Status is "ended" and not one of queued, ringing/],
  ['Calls.json?Since=2026-03-01', 'Since is no parameter of this'],
  ['Calls.json?PageSize=1001', 'PageSize is not between 1 and 1000'],
  ['Calls.json?To=a&To=b', 'To is given more than once'],
])('a request that Twilio does not describe is refused: %s', async (path, message) => {
  const { simulator } = await startLine({});
  const response = await fetch(`${simulator.url}/2010-04-01/Accounts/${ACCOUNT.sid}/${path}`, { headers: AUTHORISED });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 20001, message: expect.stringMatching(message) });
});

test('credentials are good where the account says so', async () => {
  const { client } = await afterAMessage();
  expect(await client.api.v2010.accounts(ACCOUNT.sid).fetch()).toMatchObject({ status: 'active', type: 'Full' });
});

test('a number is bought, named and led elsewhere, and its calls and texts follow', async () => {
  const { client, simulator, received } = await withClient({ '/other': '<Say>Elsewhere.</Say>' });
  const [free] = await client.availablePhoneNumbers('US').local.list({ areaCode: 503, limit: 1 });
  expect(free).toMatchObject({ phoneNumber: '+15035550100', capabilities: { voice: true, sms: true } });
  const bought = await client.incomingPhoneNumbers.create({ phoneNumber: free?.phoneNumber ?? '' });
  await expect(client.incomingPhoneNumbers.create({ phoneNumber: bought.phoneNumber })).rejects.toMatchObject({
    code: 21422,
  });
  const origin = new URL(bought.voiceUrl).origin;
  const changed = await client.incomingPhoneNumbers(bought.sid).update({
    friendlyName: 'Portland',
    voiceUrl: `${origin}/other`,
    voiceMethod: 'GET',
    statusCallback: `${origin}/ended`,
    smsUrl: `${origin}/texted`,
  });
  expect(changed).toMatchObject({ friendlyName: 'Portland', voiceMethod: 'GET', smsMethod: 'POST' });
  expect((await client.incomingPhoneNumbers.list({ phoneNumber: '503' })).map(({ sid }) => sid)).toEqual([bought.sid]);

  const call = await simulator.placeCall({ to: bought.phoneNumber, from: CALLER, script: [] });
  await simulator.sendText({ to: bought.phoneNumber, from: CALLER, body: 'Hello' });
  expect(call.heard).toEqual(['Elsewhere.']);
  expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /other',
    'POST /ended',
    'POST /texted',
  ]);

  expect(await client.incomingPhoneNumbers(bought.sid).remove()).toBe(true);
  expect(await client.incomingPhoneNumbers.list()).toEqual([]);
});

test('a number that is called belongs to the account, and leads to the product', async () => {
  const { client, appUrl } = await afterAMessage();
  expect(await client.incomingPhoneNumbers.list()).toMatchObject([
    {
      phoneNumber: CLINIC,
      voiceUrl: `${appUrl}/api/twilio/voice`,
      voiceFallbackUrl: `${appUrl}/api/twilio/voice/fallback`,
      statusCallback: `${appUrl}/api/twilio/voice/status`,
      smsUrl: `${appUrl}/api/twilio/messages`,
    },
  ]);
});

test.each([
  ['+12025550123', { valid: true, countryCode: 'US', nationalFormat: '(202) 555-0123' }, 'mobile'],
  ['+18005550123', { valid: true, countryCode: 'US' }, 'tollFree'],
  ['somebody', { valid: false, countryCode: null, validationErrors: ['NOT_A_NUMBER'] }, undefined],
])('a look-up of %s says what it is', async (number, expected, type) => {
  const { client } = await withClient({});
  const found = await client.lookups.v2.phoneNumbers(number).fetch({ fields: 'line_type_intelligence' });
  expect(found).toMatchObject(expected);
  expect(found.lineTypeIntelligence?.type).toBe(type);
});

async function withClient(replies: Parameters<typeof startLine>[0]) {
  const line = await startLine(replies);
  const client = twilio(ACCOUNT.sid, ACCOUNT.authToken);
  client.api.baseUrl = line.simulator.url;
  client.lookups.baseUrl = line.simulator.url;
  return { ...line, client };
}
