import { NotFound } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';
import type { Tier } from '@/lib/rules/minutes';

/** What a business pays for, and how many minutes a month that is. Counts from the next call on. @throws NotFound. */
export async function changeTier(
  { tx, record }: Visit<Operator>,
  { id, tier, minutes }: { readonly id: string; readonly tier: Tier; readonly minutes: number },
): Promise<void> {
  const { count } = await tx.business.updateMany({ where: { id }, data: { tier, monthlyMinutesLimit: minutes } });
  if (count === 0) throw new NotFound();
  record({
    action: 'business.update',
    resourceType: 'business',
    resourceId: id,
    businessId: id,
    details: { fields: ['tier', 'monthlyMinutesLimit'] },
  });
}
