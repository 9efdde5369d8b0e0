import { brokenOff } from '@/lib/accounts/administration/broken-off';
import { namesOf } from '@/lib/accounts/names-of';
import { NotFound } from '@/lib/platform/errors';
import { open } from '@/lib/platform/sealing';
import type { Operator, Visit } from '@/lib/platform/visit';
import { operatorColumns } from './list-businesses';
import { usageOf } from './usage-of';

/** Of the grants that were ever opened, the page shows the newest. */
const mostGrants = 20;

/**
 * A business as the operator sees it: in figures, with its people and what was opened in it. Never a caller.
 *
 * @throws NotFound for an id that is none.
 */
export async function inspectBusiness(visit: Visit<Operator>, { id }: { readonly id: string }) {
  const { tx, now } = visit;
  const business = await tx.business.findFirst({
    where: { id },
    select: operatorColumns,
  });
  if (!business) throw new NotFound();
  const numbers = await tx.phoneRoute.findMany({
    where: { businessId: id },
    select: { number: true },
    orderBy: { number: 'asc' },
  });
  const memberships = await tx.membership.findMany({
    where: { businessId: id },
    select: { role: true, user: { select: { id: true, name: true } } },
    orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
  });
  const grants = await tx.accessGrant.findMany({
    where: { businessId: id },
    select: { businessId: true, id: true, userId: true, reason: true, startedAt: true, expiresAt: true, endedAt: true },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: mostGrants,
  });
  const openers = grants.map(({ userId }) => userId);
  const names = await namesOf(visit, openers);
  const broken = await brokenOff(
    visit,
    id,
    grants.map((grant) => grant.id),
  );
  const people = memberships.map(({ role, user }) => ({ id: user.id, name: open('User', user).name, role }));
  visit.record({
    action: 'business.read',
    resourceType: 'business',
    resourceId: id,
    details: { ids: [...new Set([...people.map((person) => person.id), ...openers])] },
  });
  const usage = (await usageOf(visit, [business])).get(id) ?? { calls: 0, minutes: 0 };
  return {
    now,
    ...business,
    ...usage,
    numbers: numbers.map(({ number }) => number),
    people,
    grants: grants.map((grant) => {
      const { id: grantId, reason, startedAt, expiresAt, endedAt } = open('AccessGrant', grant);
      const ends = [endedAt ?? expiresAt, broken.get(grantId) ?? expiresAt];
      const endsAt = new Date(Math.min(...ends.map(Number)));
      return { id: grantId, who: names.get(grant.userId) ?? null, reason, startedAt, endsAt };
    }),
  };
}
