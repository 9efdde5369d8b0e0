import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ACCOUNT, CLINIC, startLine, voice } from './line';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LINE = {
  [voice]: '<Gather input="dtmf speech" numDigits="1" action="/turn"><Say>Welcome.</Say></Gather><Say>Nothing.</Say>',
  '/turn': '<Say>Leave a message.</Say><Record action="/recorded"/>',
  '/recorded': '<Say>Goodbye.</Say>',
};

/** The command as typed in a shell without a terminal, with these lines as its input. */
async function phone(url: string, args: readonly string[], typed = '') {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/call.ts', ...args], {
    cwd: ROOT,
    env: {
      NODE_ENV: 'test',
      PATH: process.env.PATH,
      TWILIO_API_BASE_URL: url,
      TWILIO_ACCOUNT_SID: ACCOUNT.sid,
      TWILIO_AUTH_TOKEN: `${ACCOUNT.authToken},an-older-token`,
      DEMO_PHONE_NUMBER: CLINIC,
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  child.stdin.end(typed);
  const [code] = await once(child, 'close');
  return { code: code as number, printed };
}

test('a scripted call shows what is heard and done with the times of the zone, and no secret', async () => {
  const { simulator, received } = await startLine(LINE);
  const { code, printed } = await phone(simulator.url, [
    ...['--at', '2026-03-01 21:00', '--zone', 'America/New_York'],
    ...['--press', '1', '--say', 'My tooth.', '--press', '#'],
  ]);
  expect(code).toBe(0);
  expect(printed.split('\n').map((line) => line.trimEnd())).toEqual(
    expect.arrayContaining([
      'Calling +1 202 555 0100 from +1 202 555 0123',
      'Sunday 1 March 2026, 21:00 (America/New_York)',
      '21:00:00  Line     Welcome.',
      '21:00:01  You      press 1',
      '21:00:05  You      “My tooth.”',
      '21:00:07  Line     Goodbye.',
    ]),
  );
  expect(printed).not.toContain(ACCOUNT.authToken);
  expect(received[0]?.parameters.To).toBe(CLINIC);
}, 20_000);

test('lines that are typed become words, keys, silence and a hang-up, and their end hangs up too', async () => {
  const { simulator } = await startLine(LINE);
  const typed = await phone(simulator.url, [], 'a message please\nMy tooth.\n#\n');
  expect(typed.printed).toMatch(/You +“a message please”.*You +“My tooth.”.*You +press #.*Goodbye/s);
  expect((await phone(simulator.url, [], '\n')).printed).toMatch(/You +\(silence\).*Nothing\./s);
  expect((await phone(simulator.url, [], 'Hang up\n')).printed).toMatch(/You hung up/);
  expect((await phone(simulator.url, [])).printed).toMatch(/You hung up/);
}, 30_000);

test('a product that gives no usable answer makes the command fail', async () => {
  const { simulator } = await startLine({
    [voice]: { status: 500, body: '' },
    '/api/twilio/voice/fallback': { body: '' },
  });
  const { code, printed } = await phone(simulator.url, ['--press', '1']);
  expect(printed).toContain('error 11200');
  expect(code).toBe(1);
}, 20_000);

test.each([
  ['no network', ['--press', '1'], /^No phone network is running\. Start one with `npm run demo`/m],
  ['an unknown moment', ['--at', 'soon'], /"soon" is no moment/],
  ['keys that no phone has', ['--press', 'A'], /keys are 0-9/],
  ['people who do something else', ['--on-duty', 'dance'], /press 1, say nothing, busy, no answer/],
  ['an unknown option', ['--loud'], /'--loud'.*--help/s],
])(
  '%s is explained and fails',
  async (_, args, explanation) => {
    const { code, printed } = await phone('http://127.0.0.1:1', args);
    expect(printed).toMatch(explanation);
    expect(printed).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  },
  20_000,
);

test('--help explains itself without a network', async () => {
  const { code, printed } = await phone('http://127.0.0.1:1', ['--help']);
  expect(printed).toContain('npm run call -- --at "Sunday 21:00"');
  expect(code).toBe(0);
}, 20_000);

test('a text is written, and what is written back is shown', async () => {
  const { simulator, received } = await startLine({ '/api/twilio/messages': '<Message>We have it.</Message>' });
  const { code, printed } = await phone(simulator.url, ['--text', 'Am I booked?']);
  expect(received[0]?.parameters).toMatchObject({ Body: 'Am I booked?', To: CLINIC });
  expect(printed.trim()).toBe(`${CLINIC}: We have it.`);
  expect(code).toBe(0);
}, 20_000);

test('a product that takes no texts makes the command fail', async () => {
  const { simulator } = await startLine({ '/api/twilio/messages': { status: 404, body: '' } });
  const { code, printed } = await phone(simulator.url, ['--text', 'Am I booked?']);
  expect(printed).toContain('The product did not take the text (404).');
  expect(code).toBe(1);
}, 20_000);
