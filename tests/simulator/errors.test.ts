import { expect, test } from 'vitest';
import { startSimulator } from '@/simulator/simulator';
import { ACCOUNT, CALLER, CLINIC, type Reply, startLine, voice } from './line';

const FALLBACK = '/api/twilio/voice/fallback';
const SPOKEN = ['We are sorry. An application error has occurred. Goodbye.'];

const BROKEN: readonly (readonly [string, string, Reply])[] = [
  ['an HTTP error', '11200', { status: 500, body: '<Response/>' }],
  ['a redirect to elsewhere', '11200', { status: 302, body: '' }],
  ['a tag that is not closed', '12100', { body: '<Response><Say>Hello</Response>' }],
  ['a blank before the declaration', '12100', { body: ' <?xml version="1.0"?><Response/>' }],
  ['another root element', '12100', { body: '<html/>' }],
  ['a bare ampersand', '12100', { body: '<Response><Say>Smith & Sons</Say></Response>' }],
  ['an entity of its own', '12100', { body: '<!DOCTYPE r [<!ENTITY e "x">]><Response><Say>&e;</Say></Response>' }],
  ['nothing at all', '12100', { body: '' }],
  ['JSON', '12300', { type: 'application/json', body: '{}' }],
  ['no content type', '12300', { type: null, body: '<Response/>' }],
];

test.each(BROKEN)('%s leads to the fallback with code %s', async (_, code, broken) => {
  const { simulator, received, appUrl } = await startLine({
    [voice]: broken,
    [FALLBACK]: '<Say>Please leave a message.</Say>',
  });
  const { heard, ended, callSid } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(received[1]).toMatchObject({
    path: FALLBACK,
    parameters: {
      ErrorCode: code,
      ErrorUrl: appUrl + voice,
      CallSid: callSid,
      To: CLINIC,
      StirVerstat: expect.any(String),
    },
  });
  expect(heard).toEqual(['Please leave a message.']);
  expect(ended.how).toBe('document ended');
});

test.each(BROKEN)('%s from the fallback too is an application error that the caller hears', async (_, __, broken) => {
  const { simulator } = await startLine({ [voice]: broken, [FALLBACK]: broken });
  const { heard, ended } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(heard).toEqual(SPOKEN);
  expect(ended).toMatchObject({ how: 'application error', status: 'completed' });
});

test('a product that does not answer at all is an application error, and so noted', async () => {
  const simulator = await startSimulator({ appUrl: 'http://127.0.0.1:1', account: ACCOUNT, port: 0 });
  const { heard, events } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  await simulator.close();
  expect(heard).toEqual(SPOKEN);
  expect(events).toContainEqual(expect.objectContaining({ type: 'failed', code: 11205 }));
  expect(events).toContainEqual(expect.objectContaining({ type: 'called back', about: 'status', status: null }));
});

test('an action that fails leads to the fallback with what the caller had said', async () => {
  const { simulator, received } = await startLine({
    [voice]: '<Gather action="/turn"/>',
    '/turn': { status: 503, body: '' },
    [FALLBACK]: '<Say>Please leave a message.</Say>',
  });
  await simulator.placeCall({ to: CLINIC, from: CALLER, script: [{ press: '1' }] });
  expect(received.find((one) => one.path === FALLBACK)?.parameters).toMatchObject({ Digits: '1', ErrorCode: '11200' });
});

test.each(['<Redirect>http://[</Redirect>', '<Record recordingStatusCallback="http://["/>'])(
  'an address that is none leads to the fallback: %s',
  async (document) => {
    const { simulator, received } = await startLine({ [voice]: document, [FALLBACK]: '<Say>Please call again.</Say>' });
    const { heard } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: ['hang up'] });
    expect(received[1]?.parameters.ErrorCode).toBe('11100');
    expect(heard).toEqual(['Please call again.']);
  },
);

test('a verb that Twilio does not know is passed over', async () => {
  const { simulator } = await startLine({ [voice]: '<Sing>La</Sing><Say>Hello.</Say>' });
  const { heard, events } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(heard).toEqual(['Hello.']);
  expect(events).toContainEqual(expect.objectContaining({ type: 'failed', code: 12200 }));
});

test('audio in answer is played, and the call ends', async () => {
  const { simulator } = await startLine({ [voice]: { type: 'audio/x-wav', body: 'RIFF' } });
  const { heard } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(heard).toEqual([expect.stringMatching(/^\(audio: .*\/api\/twilio\/voice\)$/)]);
});

test.each(['https://aftercallpro.example', 'http://localhost.example:3000', 'http://10.0.0.1:3000', 'not an address'])(
  'a network for %s refuses to start, and names what to set',
  async (appUrl) => {
    await expect(startSimulator({ appUrl, account: ACCOUNT, port: 0 })).rejects.toThrow(
      /only calls a product on this machine.*APP_URL/,
    );
  },
);

test('a document that leads away from this machine is not followed', async () => {
  const { simulator } = await startLine({ [voice]: '<Redirect>https://example.com/twiml</Redirect>' });
  const { events } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'failed', code: 11200, message: 'https://example.com is not on this machine' }),
  );
});

test('a redirect is followed, and what was posted is not posted again', async () => {
  const { simulator, received } = await startLine({
    [voice]: { status: 307, location: '/elsewhere', body: '' },
    '/elsewhere': '<Redirect>next</Redirect>',
    '/next': '<Say>Hello.</Say>',
  });
  const { heard } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(heard).toEqual(['Hello.']);
  expect(received[1]).toMatchObject({ path: '/elsewhere', method: 'GET', parameters: {} });
});

test('a redirect that leads on and on leads to the fallback with code 11215', async () => {
  const { simulator, received } = await startLine({
    [voice]: { status: 302, location: voice, body: '' },
    [FALLBACK]: '<Say>Please leave a message.</Say>',
  });
  const { heard } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(heard).toEqual(['Please leave a message.']);
  expect(received.filter(({ path }) => path === voice)).toHaveLength(11);
  expect(received.find(({ path }) => path === FALLBACK)?.parameters.ErrorCode).toBe('11215');
});

test('a connection that breaks off leads to the fallback with code 11205', async () => {
  const { simulator, received } = await startLine({
    [voice]: { status: 'broken', body: '' },
    [FALLBACK]: '<Say>Please leave a message.</Say>',
  });
  const { heard } = await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] });
  expect(heard).toEqual(['Please leave a message.']);
  expect(received.map(({ path }) => path).slice(0, 2)).toEqual([voice, FALLBACK]);
  expect(received[1]?.parameters.ErrorCode).toBe('11205');
});

test.each([
  ['instructions', '<Response><Say>Hello.</Say></Response>', 'Hello.'],
  ['words', 'Good evening, Smith & Sons.', 'Good evening, Smith & Sons.'],
])('plain text that is %s is heard', async (_, body, expected) => {
  const { simulator } = await startLine({ [voice]: { type: 'text/plain', body } });
  expect((await simulator.placeCall({ to: CLINIC, from: CALLER, script: [] })).heard).toEqual([expected]);
});
