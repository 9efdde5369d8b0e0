import type { Person, Visit } from '@/lib/platform/visit';

/** The zone (IANA) in which the viewer's business lives; UTC for somebody without one. */
export async function zoneOf({ tx, viewer }: Visit<Person>): Promise<string> {
  if (viewer.businessId === null) return 'UTC';
  const business = await tx.business.findFirst({ where: { id: viewer.businessId }, select: { zone: true } });
  return business?.zone ?? 'UTC';
}
