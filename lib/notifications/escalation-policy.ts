/** The order in which urgent calls go round, and how long each waits: an owner's to set. */
import { namesOf } from '@/lib/accounts/names-of';
import { changeBusiness } from '@/lib/businesses/change-business';
import { NotFound } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { listenersOf } from './listeners';

/** Who is told of what, in their order, with their names. */
export async function readEscalationPolicy(visit: Visit<Member>) {
  const { tx, viewer } = visit;
  const { businessId, userId } = viewer;
  const listeners = await listenersOf(visit, businessId);
  const names = await namesOf(
    visit,
    listeners.map((one) => one.userId),
  );
  visit.record({
    action: 'membership.read',
    resourceType: 'membership',
    details: { ids: listeners.map((one) => one.userId) },
  });
  const { escalateMinutes } = await tx.business.findFirstOrThrow({
    where: { id: businessId },
    select: { escalateMinutes: true },
  });
  return {
    escalateMinutes,
    people: listeners.map((one) => ({
      id: one.userId,
      name: names.get(one.userId) ?? '',
      role: one.role,
      mail: one.mail,
      text: one.text,
      hasMobile: one.hasMobile,
      isYou: one.userId === userId,
    })),
  };
}

/**
 * Brings somebody one place forward.
 *
 * @throws NotFound for somebody who does not belong to the business.
 */
export async function moveForward(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { tx, viewer, record } = visit;
  const { businessId } = viewer;
  // Held: two who order at the same time would each leave half of their order.
  await tx.$queryRaw`SELECT FROM businesses WHERE id = ${businessId}::uuid FOR NO KEY UPDATE`;
  const order = (await listenersOf(visit, businessId)).map(({ userId }) => userId);
  const from = order.indexOf(id);
  if (from < 0) throw new NotFound();
  const [moved] = order.splice(from, 1);
  if (moved) order.splice(Math.max(0, from - 1), 0, moved);
  for (const [turn, userId] of order.entries()) {
    await tx.membership.updateMany({ where: { businessId, userId }, data: { turn } });
  }
  record({ action: 'telling.order', resourceType: 'membership', resourceId: id, details: { fields: ['turn'] } });
}

/** Stores after how many minutes an urgent call goes to the next person; `null` tells everybody at once. */
export const saveEscalation = (visit: Visit<Member>, { minutes }: { readonly minutes: number | null }): Promise<void> =>
  changeBusiness(visit, { escalateMinutes: minutes });
