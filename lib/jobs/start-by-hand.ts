import type { Operator, Visit } from '@/lib/platform/visit';
import type { ClockJobName } from '@/lib/rules/clock-jobs';

/** Notes who has a job of the clock started. It begins behind the answer; while one is under way, it does not. */
export async function startByHand(
  { record }: Visit<Operator>,
  { job }: { readonly job: ClockJobName },
): Promise<ClockJobName> {
  record({ action: 'job.start', resourceType: 'job', resourceId: job });
  return job;
}
