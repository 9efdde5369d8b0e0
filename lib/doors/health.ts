/** The door for whoever watches over us: one word for everybody, figures for the holder of the cron secret. */
import type { NextRequest } from 'next/server';
import { jobFigures } from '@/lib/jobs/job-figures';
import { now } from '@/lib/platform/clock';
import { enterAsSystem } from '@/lib/platform/enter';
import { log } from '@/lib/platform/log';
import { isFromTheClock } from './cron';

let looking: Promise<boolean> | null = null;

/** GET /api/health: 200 while the database answers, else 503. */
export async function health(request: NextRequest): Promise<Response> {
  // Whoever asks again before the answer is there gets the same one: asking must not use the database up.
  looking ??= isDatabaseThere().finally(() => {
    looking = null;
  });
  if (!(await looking)) return answer(503, { status: 'degraded' });
  if (!isFromTheClock(request)) return answer(200, { status: 'ok' });
  return answer(200, { status: 'ok', jobs: await enterAsSystem(now(), jobFigures) });
}

async function isDatabaseThere(): Promise<boolean> {
  try {
    await enterAsSystem(now(), ({ tx }) => tx.$queryRaw`SELECT`);
    return true;
  } catch (error) {
    log.error({ event: 'health.degraded', error });
    return false;
  }
}

const answer = (status: number, body: Readonly<Record<string, unknown>>) =>
  Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
