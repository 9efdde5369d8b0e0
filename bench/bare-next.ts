/**
 * The rival of a webhook: a Next application with one route handler, which returns the same TwiML to everybody and looks
 * at nothing. Built and started as ours is: a production build, behind a server of Node's.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Inside the checkout, where its packages are found. */
const folder = path.resolve('.data/bare-next');
const next = path.resolve('node_modules/next/dist/bin/next');

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "private": true, "type": "module" }',
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(process.cwd())} } };`,
  'app/layout.jsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  'app/api/twilio/voice/route.js': `
export const dynamic = 'force-dynamic';
const twiml = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Thank you for calling.</Say><Record maxLength="120"/></Response>';
export const POST = () => new Response(twiml, { headers: { 'Content-Type': 'text/xml; charset=utf-8' } });
`,
};

export function buildBareNext(): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  execFileSync(process.execPath, [next, 'build', folder], { stdio: 'pipe', env: environment() });
}

/** Starts it; it listens soon. */
export const launchBareNext = (port: number): ChildProcess =>
  spawn(process.execPath, [next, 'start', folder, '--port', String(port), '--hostname', '127.0.0.1'], {
    stdio: 'ignore',
    env: environment(),
  });

export async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const environment = () => ({ ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' });
