import { readPolicy } from '@/lib/businesses/read-policy';
import type { Member, Visit } from '@/lib/platform/visit';
import { CHOSEN_PERIODS, daysKept } from '@/lib/rules/retention';
import { listHolds } from './legal-hold';

/**
 * How long the viewer's business keeps what, what it holds, and what the last retention did there.
 *
 * @param callId a call that a hold may be placed on; one that is not here is left out.
 */
export async function readRetention(visit: Visit<Member>, callId: string | null) {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const policy = await readPolicy(visit);
  const call =
    callId === null
      ? null
      : await tx.call.findFirst({
          where: { businessId, id: callId, anonymised: false },
          select: { id: true, startedAt: true },
        });
  return {
    now,
    days: Object.fromEntries(CHOSEN_PERIODS.map((period) => [period, daysKept(policy, period)])) as Readonly<
      Record<(typeof CHOSEN_PERIODS)[number], number>
    >,
    basis: policy.basis,
    holds: await listHolds(visit),
    call,
    report: await tx.retentionReport.findUnique({
      where: { businessId },
      select: {
        lookedAt: true,
        recordings: true,
        transcripts: true,
        calls: true,
        appointments: true,
        pastDueSeconds: true,
      },
    }),
  };
}
