import type { Prisma } from '@/lib/generated/prisma/client';
import type { Member, Visit } from '@/lib/platform/visit';

/** What the people of a business may set of it. */
type Settings = Pick<
  Prisma.BusinessUncheckedUpdateManyInput,
  | 'greeting'
  | 'zone'
  | 'weeklyHours'
  | 'exceptions'
  | 'forwardWhenOpen'
  | 'emergencyForwarding'
  | 'ringSeconds'
  | 'escalateMinutes'
  | 'transcriptSource'
>;

/**
 * Sets what differs, and says so in the trail by the names of the fields; `also` are fields that were changed elsewhere.
 * Saved without a change is an entry without a field.
 */
export async function changeBusiness(
  { tx, viewer, now, record }: Visit<Member>,
  settings: Settings,
  also: readonly string[] = [],
): Promise<void> {
  const fields = [...Object.keys(settings), ...also];
  if (fields.length > 0) {
    await tx.business.updateMany({ where: { id: viewer.businessId }, data: { ...settings, updatedAt: now } });
  }
  record({ action: 'business.update', resourceType: 'business', resourceId: viewer.businessId, details: { fields } });
}
