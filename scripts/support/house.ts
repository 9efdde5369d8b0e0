/** What development and the demo have in common: a database with sample people in it, and a phone network. */
import { samples } from '@/prisma/samples';
import { generate } from './build';
import { launch, type Running, stopChildren, stopLeftovers, typescript } from './children';
import { type Database, migrate, openDatabase, seed } from './database';
import { adoptDevEnv, readDevEnv } from './dev-env';
import { freePort, portToServeAt } from './ports';
import { step } from './step';

/**
 * Prepares everything but the application, makes this process's environment that of the house, and does `work` there,
 * with the port to serve at. When the work ends, or somebody presses Ctrl-C, everything that was started stops.
 */
export async function inHouse(work: (port: number) => Promise<void>): Promise<void> {
  // Once: a second Ctrl-C no longer waits.
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await stopLeftovers();
  // First, since a port in use is the one thing that only the person at the keyboard can mend.
  const port = await portToServeAt();
  const database = await step('Starting PostgreSQL', openDatabase);
  try {
    await Promise.race([prepare(port, database).then(() => work(port)), interrupted]);
  } finally {
    process.stdout.write('\nStopping …\n');
    await stopChildren();
    await database.release();
  }
}

async function prepare(port: number, database: Database) {
  const { TWILIO_API_BASE_URL = 'http://127.0.0.1:0' } = readDevEnv();
  await adoptDevEnv({
    DATABASE_URL: database.app,
    DIRECT_URL: database.owner,
    APP_URL: `http://127.0.0.1:${port}`,
    DEMO_PHONE_NUMBER: samples.clinic.number,
    DEMO_ZONE: samples.clinic.zone,
    TWILIO_API_BASE_URL: `http://127.0.0.1:${await freePort(Number(new URL(TWILIO_API_BASE_URL).port))}`,
  });
  await step('Generating the database client', generate);
  await step('Migrating the database', migrate);
  await step('Adding the sample people', seed);
}

/** The pretend phone network, which the application takes for Twilio. */
export function launchSimulator(): Running {
  const { port } = new URL(process.env.TWILIO_API_BASE_URL ?? '');
  const lines = Object.values(samples).flatMap(({ number, zone, name }) => ['--line', `${number} ${zone} ${name}`]);
  return launch('simulator', [...typescript('simulator/main.ts'), '--port', port, ...lines]);
}

/** Waits until something answers at an address, or its program ends. */
export async function untilAnswering(url: string, program: Pick<Running, 'ended'>): Promise<boolean> {
  let ended = false;
  void program.ended.then(() => {
    ended = true;
  });
  while (!ended) {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) }).catch(() => null);
    if (answer && answer.status < 500) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Where the phone in the browser is. */
export const phoneAddress = () => `${process.env.TWILIO_API_BASE_URL}/phone`;
