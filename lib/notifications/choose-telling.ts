import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import type { TellAbout } from '@/lib/rules/telling';

/**
 * Stores of what the viewer wants to hear, by mail and by text.
 *
 * @throws Refusal where texts have no telephone to go to.
 */
export async function chooseTelling(
  { tx, viewer, record }: Visit<Member>,
  { mail, text }: { readonly mail: TellAbout; readonly text: TellAbout },
): Promise<void> {
  const { businessId, userId } = viewer;
  const hasNumber = (await tx.mobileNumber.count({ where: { userId, verifiedAt: { not: null } } })) > 0;
  if (!hasNumber && text !== 'nothing')
    throw new Refusal('Nothing has changed.', { text: 'Show first that a telephone is yours, further down.' });
  await tx.membership.updateMany({
    where: { businessId, userId },
    data: { mailAbout: mail, ...(hasNumber && { textAbout: text }) },
  });
  record({
    action: 'telling.update',
    resourceType: 'membership',
    resourceId: userId,
    details: { fields: ['mailAbout', 'textAbout'] },
  });
}
