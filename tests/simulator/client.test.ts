import { expect, test } from 'vitest';
import { callThrough } from '@/simulator/client';
import type { CallEvent } from '@/simulator/events';
import type { Asked, CallerAct } from '@/simulator/script';
import { ACCOUNT, CALLER, CLINIC, startLine, voice } from './line';

const CREDENTIALS = { accountSid: ACCOUNT.sid, authToken: ACCOUNT.authToken };
const LINE = {
  [voice]: '<Gather input="dtmf speech" action="/turn"><Say>Welcome.</Say></Gather><Say>Nothing.</Say>',
  '/turn': '<Record action="/recorded"/>',
  '/recorded': '<Say>Goodbye.</Say>',
};

test('a scripted call through a running network comes back whole, event by event', async () => {
  const { simulator } = await startLine(LINE);
  const events: CallEvent[] = [];
  const done = await callThrough(
    simulator.url,
    CREDENTIALS,
    {
      to: CLINIC,
      from: CALLER,
      at: new Date('2026-03-01T21:00:00Z'),
      script: [{ press: '1' }, { message: 'Hello.', after: { press: '#' } }],
    },
    (event) => events.push(event),
  );
  expect(done.heard).toEqual(['Welcome.', '(beep)', 'Goodbye.']);
  expect(events).toEqual(done.events);
  expect(events[0]).toMatchObject({ type: 'ringing', at: '2026-03-01T21:00:00.000Z' });
});

test('a call by hand asks whoever holds the phone, each time the line listens', async () => {
  const { simulator } = await startLine(LINE);
  const answers: CallerAct[] = [{ say: 'a message' }, { say: 'My tooth.' }, { press: '#' }];
  const asked: Asked[] = [];
  const done = await callThrough(simulator.url, CREDENTIALS, {
    to: CLINIC,
    from: CALLER,
    script: async (one) => {
      asked.push(one);
      return answers.shift() ?? 'hang up';
    },
  });
  expect(asked.map((one) => one.for)).toEqual(['answer', 'message', 'message']);
  expect(done.recordings[0]?.words).toBe('My tooth.');
  expect(done.heard.at(-1)).toBe('Goodbye.');
});

test('letting go of the connection hangs up', async () => {
  const { simulator, received } = await startLine({ ...LINE, '/api/twilio/voice/status': () => ended() });
  let ended = () => '';
  const over = new Promise<void>((resolve) => {
    ended = () => {
      resolve();
      return '';
    };
  });
  const dropped = new Error('the person left');
  await expect(
    callThrough(simulator.url, CREDENTIALS, { to: CLINIC, from: CALLER, script: () => Promise.reject(dropped) }),
  ).rejects.toBe(dropped);
  await over;
  expect(received.at(-1)?.parameters.CallStatus).toBe('completed');
});

test('wrong credentials, a call that makes no sense and a network that is not there are told apart', async () => {
  const { simulator } = await startLine(LINE);
  const call = { to: CLINIC, from: CALLER, script: [] };
  await expect(callThrough(simulator.url, { ...CREDENTIALS, authToken: 'wrong' }, call)).rejects.toMatchObject({
    reason: 'refused',
    message: 'Authenticate',
  });
  await expect(callThrough(simulator.url, CREDENTIALS, { ...call, script: [{ press: 'x' }] })).rejects.toMatchObject({
    reason: 'refused',
  });
  await expect(callThrough('http://127.0.0.1:1', CREDENTIALS, call)).rejects.toMatchObject({ reason: 'unreachable' });
});

test('a network that stops during a call says so', async () => {
  const { simulator } = await startLine(LINE);
  const call = { to: CLINIC, from: CALLER, script: () => simulator.close().then(() => 'silence' as const) };
  await expect(callThrough(simulator.url, CREDENTIALS, call)).rejects.toMatchObject({ reason: 'broke off' });
});
