import twilio from 'twilio';
import { expect, test } from 'vitest';
import type { CallRequest } from '@/simulator/call';
import { CALLBACKS, type Faults } from '@/simulator/faults';
import { ACCOUNT, CALLER, CLINIC, type Received, startLine, voice } from './line';

const AT = new Date('2026-03-01T21:00:00Z');
const ANNE = '+12025550201';
const FALLBACK = '/api/twilio/voice/fallback';
const STATUS = '/api/twilio/voice/status';
const LINE = {
  [voice]: '<Say>Good evening.</Say><Gather numDigits="1" action="/turn"/>',
  '/turn': `<Record action="/recorded" recordingStatusCallback="/recording" transcribe="true" transcribeCallback="/transcription"/>`,
  '/recorded': '<Say>Goodbye.</Say>',
  [FALLBACK]: '<Say>Please leave a message.</Say>',
  '/dial': `<Dial action="/dialled"><Number url="/whisper">${ANNE}</Number></Dial>`,
};
const MESSAGE = [{ press: '1' }, { message: 'My tooth hurts since this morning.', after: { press: '#' } }] as const;

/** One call on a line on which this goes wrong. */
async function callWith(faults: Faults, more: Partial<CallRequest> = {}, replies: Partial<typeof LINE> = {}) {
  const { simulator, received } = await startLine({ ...LINE, ...replies });
  simulator.fail(faults);
  const done = await simulator.placeCall({ to: CLINIC, from: CALLER, at: AT, script: MESSAGE, ...more });
  return { ...done, simulator, received, paths: received.map(({ path }) => path) };
}

const timeOf = ({ headers }: Received) => String(headers['x-aftercallpro-clock']).split(';')[0];

const OF_A_CALL = CALLBACKS.filter((kind) => kind !== 'delivery');

test.each(OF_A_CALL)('a %s callback that is lost is the only one that does not arrive', async (kind) => {
  const { paths, events } = await callWith(
    { lost: { [kind]: 1 } },
    {},
    { [voice]: `<Start><Transcription statusCallbackUrl="/live"/></Start>${LINE[voice]}` },
  );
  const missing = ['/recording', '/transcription', '/live', STATUS].filter((path) => !paths.includes(path));
  expect(missing).toEqual([expect.stringMatching(new RegExp(`/${kind}$`))]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'lost', webhook: kind }));
});

test('a document that is lost is a connection that fails, and leads to the fallback', async () => {
  const { simulator, received } = await startLine(LINE);
  simulator.fail({ lost: { voice: 0.5 } });
  const calls = Array.from({ length: 20 }, () => ({ to: CLINIC, from: CALLER, at: AT, script: MESSAGE }));
  for (const call of calls) {
    const { heard, ended } = await simulator.placeCall(call);
    if (ended.how === 'application error') expect(heard.at(-1)).toContain('application error');
  }
  const fallbacks = received.filter(({ path }) => path === FALLBACK);
  expect(fallbacks.length).toBeGreaterThan(0);
  for (const { parameters } of fallbacks) expect(parameters.ErrorCode).toBe('11205');
});

test('after a hang-up the action can be lost', async () => {
  const { paths } = await callWith({ lost: { action: 1 } }, { script: [{ press: '1' }, { message: 'Call me.' }] });
  expect(paths).not.toContain('/recorded');
  expect(paths).toContain('/recording');
});

test('what comes twice is the same request, as one that was tried again', async () => {
  const { received } = await callWith({ twice: { voice: 1, status: 1, recording: 1, transcription: 1 } });
  for (const path of [voice, '/turn', '/recorded', '/recording', '/transcription', STATUS]) {
    const [one, other, ...more] = received.filter((request) => request.path === path);
    expect(more).toEqual([]);
    expect(other?.parameters).toEqual(one?.parameters);
    expect(other?.headers['i-twilio-idempotency-token']).toBe(one?.headers['i-twilio-idempotency-token']);
  }
});

test('a callback that is late comes that much later by the network’s clock, after those that are not', async () => {
  const { received, ended, paths } = await callWith({ late: { status: 3600 } });
  const status = received.find(({ path }) => path === STATUS);
  expect(Date.parse(timeOf(status as Received) ?? '') - AT.getTime()).toBe((ended.seconds + 3600) * 1000);
  expect(paths.at(-1)).toBe(STATUS);
});

test('shuffled callbacks come in every order', async () => {
  const orders = new Set<string>();
  const { simulator, received } = await callWith({ shuffled: 60 });
  for (let call = 0; call < 40; call++) {
    received.length = 0;
    await simulator.placeCall({ to: CLINIC, from: CALLER, at: AT, script: MESSAGE });
    const order = received.map(({ path }) => path).filter((path) => ![voice, '/turn', '/recorded'].includes(path));
    orders.add(order.join(' '));
  }
  expect(orders.size).toBe(6);
});

test('a share falls on about as many calls', async () => {
  const { simulator, received } = await callWith({ lost: { status: 0.5 } });
  for (let call = 1; call < 100; call++) {
    await simulator.placeCall({ to: CLINIC, from: CALLER, at: AT, script: ['hang up'] });
  }
  const arrived = received.filter(({ path }) => path === STATUS).length;
  expect(arrived).toBeGreaterThan(30);
  expect(arrived).toBeLessThan(70);
});

test.each([
  ['while the line speaks', 0.5, []],
  ['while it listens', 1.5, []],
  ['at the beep', 2.5, ['/turn']],
  ['during the message', 4, ['/turn', '/recorded']],
  ['after the message', 11, ['/turn', '/recorded']],
])('a caller hangs up %s, and what follows is what Twilio would still ask for', async (_, hangUpAfter, documents) => {
  const { received, paths, ended } = await callWith(
    {},
    { hangUpAfter, script: [{ say: 'hm' }, { message: 'My tooth hurts a lot.', seconds: 6, after: { press: '#' } }] },
    {
      [voice]: '<Say>Good evening.</Say><Gather numDigits="1" action="/never" timeout="1"/><Redirect>/turn</Redirect>',
      '/recorded': '<Say>Goodbye, we will call you back.</Say>',
    },
  );
  expect(ended).toMatchObject({ how: 'caller hung up', status: 'completed', seconds: Math.ceil(hangUpAfter) });
  const isRecorded = documents.includes('/recorded');
  expect(paths).toEqual([voice, ...documents, STATUS, ...(isRecorded ? ['/recording', '/transcription'] : [])]);
  const recorded = received.find(({ path }) => path === '/recorded')?.parameters;
  if (isRecorded) expect(recorded?.Digits).toBe(hangUpAfter < 10 ? 'hangup' : '#');
});

test('of a message in the middle of which the caller hangs up, what was said until then is kept', async () => {
  const { recordings } = await callWith(
    {},
    { hangUpAfter: 6, script: [{ message: 'one two three four five six seven eight', seconds: 8 }] },
    { [voice]: '<Say>Hello.</Say><Record action="/recorded"/>' },
  );
  expect(recordings).toEqual([{ sid: expect.any(String), seconds: 4, words: 'one two three four' }]);
});

test.each([
  ['rings', 1, 'no answer', 'canceled'],
  ['hears the whisper', 6, 'press 1', 'canceled'],
  ['talks', 30, 'press 1', 'completed'],
] as const)(
  'a caller who hangs up while the person on duty %s ends their leg too',
  async (_, after, person, status) => {
    const { simulator, received } = await startLine({
      [voice]: LINE['/dial'].replace('<Dial', '<Dial answerOnBridge="true"'),
      '/whisper':
        '<Gather numDigits="1"><Say>Press 1 to take the call, please, whenever you are ready for it.</Say></Gather>',
      '/dialled': '<Say>Nobody.</Say>',
    });
    const { heard, ended } = await simulator.placeCall({
      ...{ to: CLINIC, from: CALLER, at: AT, script: [], hangUpAfter: after },
      people: { [ANNE]: person },
    });
    expect(ended.how).toBe('caller hung up');
    expect(heard).toEqual([]);
    expect(received.find(({ path }) => path === '/dialled')?.parameters.DialCallStatus).toBe(status);
    const client = twilio(ACCOUNT.sid, ACCOUNT.authToken);
    client.api.baseUrl = simulator.url;
    for (const leg of await client.calls.list()) expect(leg.endTime).not.toBeNull();
  },
);

test('a caller who hangs up while it rings was never answered', async () => {
  const { ended } = await callWith({}, { hangUpAfter: 2 }, { [voice]: '<Pause length="5"/><Say>Hello.</Say>' });
  expect(ended).toEqual({ how: 'caller hung up', status: 'no-answer', seconds: 0 });
});

test.each([
  [429, 20429, '7'],
  [500, 20500, null],
] as const)('the REST API answers %i in Twilio’s form and does nothing', async (status, code, retryAfter) => {
  const { simulator, recordings } = await callWith({});
  const address = `${simulator.url}/2010-04-01/Accounts/${ACCOUNT.sid}/Recordings/${recordings[0]?.sid}.json`;
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT.sid}:${ACCOUNT.authToken}`)}` };
  simulator.fail({ rest: { answer: status, ...(retryAfter && { retryAfter: Number(retryAfter) }) } });
  const refused = await fetch(address, { method: 'DELETE', headers });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([status, retryAfter]);
  expect(await refused.json()).toMatchObject({ code, status });
  simulator.fail({});
  expect((await fetch(address, { headers })).status).toBe(200);
});

test('an answer that is cut off comes after the deed', async () => {
  const { simulator, recordings } = await callWith({});
  const address = `${simulator.url}/2010-04-01/Accounts/${ACCOUNT.sid}/Recordings/${recordings[0]?.sid}.json`;
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT.sid}:${ACCOUNT.authToken}`)}` };
  simulator.fail({ rest: { answer: 'cut off' } });
  await expect(fetch(address, { method: 'DELETE', headers })).rejects.toThrow();
  simulator.fail({});
  expect((await fetch(address, { headers })).status).toBe(404);
});

test('what goes wrong can be said over HTTP, and only what there is', async () => {
  const { simulator } = await startLine(LINE);
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT.sid}:${ACCOUNT.authToken}`)}` };
  const say = (faults: unknown) =>
    fetch(`${simulator.url}/simulator/faults`, { method: 'PUT', headers, body: JSON.stringify(faults) });
  expect((await say({ lost: { status: 1 } })).status).toBe(204);
  const { events } = await simulator.placeCall({ to: CLINIC, from: CALLER, at: AT, script: ['hang up'] });
  expect(events).toContainEqual(expect.objectContaining({ type: 'lost', webhook: 'status' }));
  expect((await say({ lost: { everything: 1 } })).status).toBe(400);
});
