/** Somebody who is signed in begins a business, their first or another one. */

import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { open, seal } from '@/lib/platform/sealing';
import { firstGreeting, firstHours, firstLimit, mostOwned } from '@/lib/rules/first-business';

/** `business`: its name. */
type Wanted = { readonly business: string; readonly zone: string };

/**
 * Makes the business with what every business begins with, owned by the viewer, and opens it in this session. Its mail goes
 * to their address until they say otherwise.
 *
 * @throws Refusal for whoever owns as many as one account may, and for an account that runs the platform.
 */
export async function addBusiness(desk: PersonDesk, { business, zone }: Wanted): Promise<void> {
  const { userId, sessionId } = desk.viewer;
  const outcome = await desk.enter(async (visit) => {
    const { tx, now, record } = visit;
    const user = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { id: true, email: true } });
    const id = newId();
    const { contactEmail } = seal('Business', { id, contactEmail: open('User', user).email });
    const [made] = await tx.$queryRaw<{ outcome: 'done' | 'too many' | 'forbidden' }[]>`
      SELECT add_business(
        ${userId}::uuid, ${sessionId}::uuid, ${now}, ${mostOwned}::int,
        ${id}::uuid, ${business}, ${zone}, ${contactEmail}, ${firstGreeting(business)}, ${JSON.stringify(firstHours)}::jsonb,
        ${firstLimit}::int) AS outcome`;
    if (made?.outcome === 'done') {
      record({ action: 'business.create', resourceType: 'business', resourceId: id, userId, businessId: id });
      record({ action: 'membership.create', resourceType: 'membership', resourceId: userId, userId, businessId: id });
    } else {
      const details = { reason: made?.outcome ?? 'forbidden' };
      record({ action: 'business.deny', resourceType: 'business', userId, details });
    }
    return made?.outcome ?? 'forbidden';
  });
  if (outcome === 'too many')
    throw new Refusal(`An account can own ${mostOwned} businesses, and this one does. Nothing has changed.`);
  if (outcome === 'forbidden')
    throw new Refusal(
      'This account runs the platform, and such an account belongs to no business. Nothing has changed.',
    );
}
