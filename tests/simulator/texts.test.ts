import twilio from 'twilio';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { expect, test } from 'vitest';
import { segmentsOf } from '@/simulator/text';
import { ACCOUNT, CALLER, CLINIC, type Replies, startLine } from './line';

const MESSAGES = '/api/twilio/messages';
const STATUS = '/api/twilio/messages/status';

/** A line, and Twilio's own client for its network. */
async function start(replies: Replies = {}) {
  const line = await startLine(replies);
  const client = twilio(ACCOUNT.sid, ACCOUNT.authToken);
  client.api.baseUrl = line.simulator.url;
  const send = (more = {}) =>
    client.messages.create({
      to: CALLER,
      from: CLINIC,
      body: 'Call back.',
      statusCallback: line.appUrl + STATUS,
      ...more,
    });
  return { ...line, client, send };
}

test('a text of the product is queued, and its way to the end is told, signed', async () => {
  const { simulator, client, send, received } = await start();
  const { sid, ...queued } = await send();
  expect(queued).toMatchObject({ status: 'queued', direction: 'outbound-api', numSegments: '1', body: 'Call back.' });
  await simulator.settled();
  expect(received.map(({ path, parameters }) => [path, parameters.MessageStatus])).toEqual([
    [STATUS, 'sent'],
    [STATUS, 'delivered'],
  ]);
  for (const { url, parameters, headers } of received) {
    expect(validateRequest(ACCOUNT.authToken, String(headers['x-twilio-signature']), url, parameters)).toBe(true);
  }
  expect(received[1]?.parameters).toEqual({
    AccountSid: ACCOUNT.sid,
    ApiVersion: '2010-04-01',
    From: CLINIC,
    To: CALLER,
    MessageSid: sid,
    MessageStatus: 'delivered',
    SmsSid: sid,
    SmsStatus: 'delivered',
    RawDlrDoneDate: expect.stringMatching(/^\d{10}$/),
  });
  expect(await client.messages(sid).fetch()).toMatchObject({ status: 'delivered', dateSent: expect.any(Date) });
});

test('a text that reaches nobody says why', async () => {
  const { simulator, send, received, client } = await start();
  simulator.fail({ undelivered: 1 });
  const { sid } = await send();
  await simulator.settled();
  expect(received.at(-1)?.parameters).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '30003' });
  expect(await client.messages(sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 30003 });
});

test('what becomes of a text can be lost on the way, and come twice', async () => {
  const { simulator, send, received } = await start();
  simulator.fail({ lost: { delivery: 1 } });
  await send();
  await simulator.settled();
  expect(received).toEqual([]);
  simulator.fail({ twice: { delivery: 1 } });
  await send();
  await simulator.settled();
  expect(received).toHaveLength(4);
});

test('a text whose answer is cut off has gone out all the same, and is found in the list', async () => {
  const { simulator, send, client } = await start();
  simulator.fail({ rest: { answer: 'cut off' } });
  await expect(send()).rejects.toThrow();
  simulator.fail({});
  await simulator.settled();
  const found = await client.messages.list({ to: CALLER, dateSentAfter: new Date(Date.now() - 60_000) });
  expect(found).toMatchObject([{ body: 'Call back.', status: 'delivered' }]);
});

test.each([
  [{ to: '+15005550001' }, 21211],
  [{ to: '+15005550002' }, 21612],
  [{ to: '+15005550003' }, 21408],
  [{ to: '+15005550004' }, 21610],
  [{ to: '+15005550009' }, 21614],
  [{ from: '+15005550001' }, 21212],
  [{ from: '+15005550007' }, 21606],
  [{ from: '+15005550008' }, 21611],
  [{ to: 'somebody' }, 21211],
  [{ to: CLINIC }, 21266],
  [{ body: '' }, 21602],
  [{ body: 'a'.repeat(1601) }, 21617],
  [{ statusCallback: 'nowhere' }, 21609],
] as const)('%j is refused with its code, and nothing is sent', async (more, code) => {
  const { send, simulator } = await start();
  await expect(send(more)).rejects.toMatchObject({ status: 400, code });
  expect(simulator.texts()).toEqual([]);
});

test('a text that comes in has every field that Twilio sends, and what is written back goes out', async () => {
  const { simulator, received } = await start({
    [MESSAGES]: '<Message>We have it.</Message><Message><Body>Thank you.</Body></Message>',
  });
  const sent = await simulator.sendText({ from: CALLER, to: CLINIC, body: 'Grüße, am I booked?' });
  expect(sent).toMatchObject({ status: 200, replies: ['We have it.', 'Thank you.'] });
  const parameters = received[0]?.parameters ?? {};
  expect(Object.keys(parameters).sort()).toEqual(
    [
      ...['AccountSid', 'ApiVersion', 'Body', 'From', 'FromCity', 'FromCountry', 'FromState', 'FromZip', 'MessageSid'],
      ...['NumMedia', 'NumSegments', 'SmsMessageSid', 'SmsSid', 'SmsStatus', 'To', 'ToCity', 'ToCountry', 'ToState'],
      'ToZip',
    ].sort(),
  );
  expect(parameters).toMatchObject({ Body: 'Grüße, am I booked?', From: CALLER, SmsStatus: 'received', NumMedia: '0' });
  expect(simulator.texts().map(({ direction, body }) => [direction, body])).toEqual([
    ['inbound', 'Grüße, am I booked?'],
    ['outbound-reply', 'We have it.'],
    ['outbound-reply', 'Thank you.'],
  ]);
});

test.each([
  ['no content', { status: 204, body: '', type: null }],
  ['an empty document', { body: '<Response/>' }],
  ['nothing that can be read', { body: 'oops' }],
  ['an error', { status: 500, body: '<Response><Message>Never.</Message></Response>' }],
])('an answer that is %s writes nothing back', async (_, reply) => {
  const { simulator } = await start({ [MESSAGES]: reply });
  expect((await simulator.sendText({ from: CALLER, to: CLINIC, body: 'Hello' })).replies).toEqual([]);
});

test('plain text in answer is written back as it is', async () => {
  const { simulator } = await start({ [MESSAGES]: { type: 'text/plain', body: 'We have it.\n' } });
  expect((await simulator.sendText({ from: CALLER, to: CLINIC, body: 'Hello' })).replies).toEqual(['We have it.']);
});

test.each(['STOP', ' unsubscribe ', 'Quit'])(
  'after %s nothing more reaches them until they write START',
  async (word) => {
    const { simulator, send, received } = await start({ [MESSAGES]: '<Message>Noted.</Message>' });
    const { replies } = await simulator.sendText({ from: CALLER, to: CLINIC, body: word });
    expect(replies).toEqual([expect.stringContaining('START')]);
    expect(received[0]?.parameters.Body).toBe(word);
    await expect(send()).rejects.toMatchObject({ code: 21610 });
    await send({ to: '+12025550124' });
    await simulator.sendText({ from: CALLER, to: CLINIC, body: 'start' });
    await send();
  },
);

test('a word in a sentence is no wish to hear no more', async () => {
  const { simulator, send } = await start();
  await simulator.sendText({ from: CALLER, to: CLINIC, body: 'Please stop by the house.' });
  await send();
});

test('the words of a text can be taken out of it, and a text deleted', async () => {
  const { simulator, client, send } = await start();
  const { sid } = await send();
  await simulator.settled();
  expect(await client.messages(sid).update({ body: '' })).toMatchObject({ body: '', status: 'delivered' });
  await expect(client.messages(sid).update({ body: 'Other words.' })).rejects.toMatchObject({ code: 20001 });
  expect(await client.messages(sid).remove()).toBe(true);
  await expect(client.messages(sid).fetch()).rejects.toMatchObject({ code: 20404 });
});

test('a text that comes in can be lost, and come twice', async () => {
  const { simulator, received } = await start();
  simulator.fail({ lost: { text: 1 } });
  expect((await simulator.sendText({ from: CALLER, to: CLINIC, body: 'Hello' })).status).toBeNull();
  simulator.fail({ twice: { text: 1 } });
  await simulator.sendText({ from: CALLER, to: CLINIC, body: 'Hello' });
  expect(received).toHaveLength(2);
});

test('texts are sent and read over HTTP too', async () => {
  const { simulator } = await start({ [MESSAGES]: '<Message>We have it.</Message>' });
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT.sid}:${ACCOUNT.authToken}`)}` };
  const address = `${simulator.url}/simulator/texts`;
  const sent = await fetch(address, {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ from: CALLER, to: CLINIC, body: 'Hello' }),
  });
  expect(await sent.json()).toMatchObject({ status: 200, replies: ['We have it.'] });
  const read = await fetch(address, { headers });
  expect(await read.json()).toMatchObject([{ body: 'Hello' }, { body: 'We have it.', status: 'delivered' }]);
});

test.each([
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['я'.repeat(70), 1],
  ['я'.repeat(71), 2],
  ['', 1],
])('a text takes as many segments as on the air', (body, segments) => {
  expect(segmentsOf(body)).toBe(segments);
});
