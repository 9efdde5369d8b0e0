import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import {
  CHOSEN_PERIODS,
  KEPT_DAYS,
  longerThanPromised,
  policyProblems,
  type RetentionPolicy,
} from '@/lib/rules/retention';
import { wantLedgerEntry } from './write-ledger-job';

/**
 * Says how long the viewer's business keeps things; null for as long as promised. It holds from the next thing that is
 * deleted on: retention waits while this is written, and reads it before each of its steps.
 *
 * @throws Refusal where a period cannot be kept to, or is longer than promised and no law is named.
 */
export async function choosePeriods(visit: Visit<Member>, asked: RetentionPolicy): Promise<void> {
  const { tx, viewer, now, record } = visit;
  const problems = policyProblems(asked);
  if (Object.keys(problems).length > 0)
    throw new Refusal('Please check what is marked. Nothing has changed.', problems);
  const chosen = Object.fromEntries(
    CHOSEN_PERIODS.map((period) => [`${period}Days`, asked[period] === KEPT_DAYS[period] ? null : asked[period]]),
  );
  const retentionBasis = longerThanPromised(asked).length > 0 ? (asked.basis?.trim() ?? null) : null;
  const data = { ...chosen, retentionBasis };
  await tx.business.updateMany({ where: { id: viewer.businessId }, data: { ...data, updatedAt: now } });
  await wantLedgerEntry(visit, 'periods', viewer.businessId);
  const details = { fields: Object.keys(data) };
  record({ action: 'retention.update', resourceType: 'business', resourceId: viewer.businessId, details });
}
