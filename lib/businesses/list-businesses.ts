import type { Prisma } from '@/lib/generated/prisma/client';
import { newestFirst, type PageAsked } from '@/lib/platform/newest-first';
import type { Operator, Visit } from '@/lib/platform/visit';
import { toE164 } from '@/lib/rules/phone-number';
import { usageOf } from './usage-of';

/** A page of businesses, newest first, in figures; of those whose name has `find` in it, or whose number it is. */
export async function listBusinesses(visit: Visit<Operator>, asked: PageAsked & { readonly find: string }) {
  const { tx, now } = visit;
  const { rows, newer, older } = await newestFirst(asked, ({ where, ...part }) =>
    tx.business.findMany({
      ...part,
      where: { AND: [where, sought(asked.find)] },
      select: { ...operatorColumns, _count: { select: { memberships: true } } },
    }),
  );
  const usage = await usageOf(visit, rows);
  return {
    now,
    find: asked.find,
    businesses: rows.map(({ _count, zone: _zone, ...business }) => ({
      ...business,
      people: _count.memberships,
      ...(usage.get(business.id) ?? { calls: 0, minutes: 0 }),
    })),
    newer,
    older,
  };
}

/** What the operator sees of every business. */
export const operatorColumns = {
  id: true,
  name: true,
  zone: true,
  tier: true,
  monthlyMinutesLimit: true,
  createdAt: true,
  suspendedAt: true,
} as const satisfies Prisma.BusinessSelect;

/** A number is looked for as a whole, written with its country; anything else is a part of a name. */
function sought(find: string): Prisma.BusinessWhereInput {
  const words = find.trim();
  if (words === '') return {};
  const number = words.startsWith('+') ? toE164(words, 'US') : null;
  return number === null ? { name: { contains: words, mode: 'insensitive' } } : { phoneRoutes: { some: { number } } };
}
