import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { callThrough } from '@/simulator/client';
import { ACCOUNT, CALLER, CLINIC, startLine, voice } from './line';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The program as it is started from a shell, and what it prints until it prints a whole line or ends. */
async function start(environment: Record<string, string>, args: readonly string[] = ['--port', '0']) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts', ...args], {
    cwd: ROOT,
    env: { NODE_ENV: 'test', PATH: process.env.PATH, ...environment },
  });
  let printed = '';
  const exit = once(child, 'close').then(([code]) => code as number);
  const firstLine = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.includes('\n')) resolve();
      });
    }
  });
  await Promise.race([firstLine, exit]);
  return { child, exit, printed: () => printed };
}

const ENVIRONMENT = { TWILIO_ACCOUNT_SID: ACCOUNT.sid, TWILIO_AUTH_TOKEN: `${ACCOUNT.authToken},an-older-token` };

test('the process places calls signed with the first of two tokens, and stops when told to', async () => {
  const { appUrl } = await startLine({ [voice]: '<Say>Good evening.</Say>' });
  const { child, exit, printed } = await start({ ...ENVIRONMENT, APP_URL: appUrl });
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed())?.[0] ?? '';
  const credentials = { accountSid: ACCOUNT.sid, authToken: ACCOUNT.authToken };
  const { heard } = await callThrough(url, credentials, { to: CLINIC, from: CALLER, script: [] });
  expect(heard).toEqual(['Good evening.']);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(printed()).not.toContain(ACCOUNT.authToken);
}, 20_000);

test('a product that is not on this machine is refused in one line that names the variable', async () => {
  const { exit, printed } = await start({ ...ENVIRONMENT, APP_URL: 'https://aftercallpro.example' });
  expect(await exit).not.toBe(0);
  expect(printed().trim().split('\n')).toEqual([expect.stringContaining('APP_URL')]);
}, 20_000);
