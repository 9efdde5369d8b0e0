import { parseArgs } from 'node:util';
import type { PhoneLine } from './network';
import { startSimulator } from './simulator';

const HELP = `A pretend phone network for a product on this machine.

  node --import tsx simulator/main.ts --port <port> [--line "<number> <zone> <name>"]…

It answers the part of Twilio's REST API that the product uses, serves recordings, and brings calls and texts
to the product's webhooks: from a phone in the browser at /phone, and from npm run call. Port 0 takes a free
port; the address is printed. Each --line is a number that the phone offers to call, as
"+12025550100 America/New_York Riverside Family Clinic".

Environment: APP_URL (must be this machine), TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (the first of a list signs).`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, line: { type: 'string', multiple: true }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const port = Number(values.port);
  if (values.port === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('Say which port to listen on: --port 4010');
  }
  const [authToken = ''] = needed('TWILIO_AUTH_TOKEN').split(',');
  const simulator = await startSimulator({
    port,
    lines: (values.line ?? []).map(lineOf),
    appUrl: needed('APP_URL'),
    account: { sid: needed('TWILIO_ACCOUNT_SID'), authToken: authToken.trim() },
  });
  console.log(`Phone network at ${simulator.url}, with a phone at ${simulator.url}/phone`);
  const stop = () => void simulator.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

function lineOf(text: string): PhoneLine {
  const [, number, zone, name] = /^(\+\d+) (\S+) (.+)$/.exec(text) ?? [];
  if (!number || !zone || !name) throw new Error(`--line "${text}": write a number, a zone and a name.`);
  return { number, zone, name };
}

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
