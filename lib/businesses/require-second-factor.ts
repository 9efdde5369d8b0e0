import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';

/**
 * Says whether everybody who signs in for the viewer's business needs a second factor. It holds from the next request of
 * each of them.
 *
 * @throws Refusal where the viewer asks it of others and has none: they would have closed the door on themselves.
 */
export async function requireSecondFactor(
  { tx, viewer, now, record }: Visit<Member>,
  { required }: { readonly required: boolean },
): Promise<{ readonly required: boolean }> {
  if (required) {
    const me = await tx.user.findFirstOrThrow({ where: { id: viewer.userId }, select: { twoFactorEnabled: true } });
    if (!me.twoFactorEnabled)
      throw new Refusal('Turn on your own second factor first, under Account and Security. Nothing has changed.');
  }
  await tx.business.updateMany({
    where: { id: viewer.businessId },
    data: { twoFactorRequired: required, updatedAt: now },
  });
  record({
    action: 'business.update',
    resourceType: 'business',
    resourceId: viewer.businessId,
    details: { fields: ['twoFactorRequired'] },
  });
  return { required };
}
