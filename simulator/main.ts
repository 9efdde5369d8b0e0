import { parseArgs } from 'node:util';
import { startSimulator } from './simulator';

const HELP = `A pretend phone network for a product on this machine.

  node --import tsx simulator/main.ts --port <port>

It answers the part of Twilio's REST API that the product uses, serves recordings, and places calls
to the product's webhooks (npm run call). Port 0 takes a free port; the address is printed.

Environment: APP_URL (must be this machine), TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (the first of a list signs).`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, help: { type: 'boolean' } } });
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
    appUrl: needed('APP_URL'),
    account: { sid: needed('TWILIO_ACCOUNT_SID'), authToken: authToken.trim() },
  });
  console.log(`Phone network at ${simulator.url}`);
  const stop = () => void simulator.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
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
