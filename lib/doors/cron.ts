/** The door for the clock: whoever holds the cron secret may start a job, and nobody else; without a secret, nobody. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextRequest } from 'next/server';
import { now } from '@/lib/platform/clock';
import { enterAsSystem } from '@/lib/platform/enter';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import type { AuditEntry, System, Visit } from '@/lib/platform/visit';
import { type ClockJobName, isClockJob } from '@/lib/rules/clock-jobs';
import { originOf } from './origin';

/** Whether a request carries `Authorization: Bearer $CRON_SECRET`. Compared as hashes: equal length, equal time. */
export function isFromTheClock(request: Pick<NextRequest, 'headers'>): boolean {
  const secret = env().CRON_SECRET;
  if (!secret) return false;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(request.headers.get('authorization') ?? ''), hash(`Bearer ${secret}`));
}

/** GET /api/cron/[job]: 401 without the secret, 404 for a job that does not exist, else what the job reports. */
export function cron(start: (job: ClockJobName) => Promise<Readonly<Record<string, number>>>) {
  return async function GET(request: NextRequest, { params }: { params: Promise<{ job: string }> }): Promise<Response> {
    const { job } = await params;
    if (!isFromTheClock(request)) {
      if (isClockJob(job)) await trace(request, 'access.deny', job, 'wrong secret');
      return answer(401, { error: 'wrong or missing secret' });
    }
    if (!isClockJob(job)) return answer(404, { error: 'no such job' });
    try {
      return answer(200, { job, ...(await start(job)) });
    } catch (error) {
      log.error({ event: 'cron.failed', kind: job, error });
      await trace(request, 'request.fail', job, 'fault');
      return answer(500, { job, error: 'failed' });
    }
  };
}

const answer = (status: number, body: Readonly<Record<string, unknown>>) =>
  Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });

/** In the trail, of a job that exists: a made-up name would be somebody's text. Unwritten, it stays in the log. */
async function trace(request: NextRequest, action: AuditEntry['action'], job: string, reason: string): Promise<void> {
  const write = async (visit: Visit<System>) =>
    visit.record({ action, resourceType: 'job', resourceId: job, details: { reason } });
  await enterAsSystem(now(), write, originOf(request.headers)).catch((error: unknown) =>
    log.error({ event: 'audit.lost', kind: job, error }),
  );
}
