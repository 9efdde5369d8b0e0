import { open } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';

/** What stands around every page of a signed-in person. */
export type Frame = {
  /** The business they are in; null for somebody who is in none. */
  readonly businessName: string | null;
  /** Whether there is another one that they may open. */
  readonly hasOthers: boolean;
  readonly viewerName: string;
  /** The business whose calls are open to this session of an admin, and until when. */
  readonly grant: { readonly businessName: string | null; readonly until: Date; readonly now: Date } | null;
};

export async function loadFrame(visit: Visit<Person>): Promise<Frame> {
  const { tx, viewer } = visit;
  const { userId, businessId } = viewer;
  const user = await tx.user.findFirstOrThrow({ where: { id: userId }, select: { id: true, name: true } });
  const business =
    businessId === null ? null : await tx.business.findFirst({ where: { id: businessId }, select: { name: true } });
  const other = await tx.membership.findFirst({
    where: { userId, ...(businessId !== null && { businessId: { not: businessId } }) },
    select: { businessId: true },
  });
  return {
    businessName: business?.name ?? null,
    hasOthers: other !== null,
    viewerName: open('User', user).name,
    grant: await openGrant(visit),
  };
}

async function openGrant({ tx, viewer, now }: Visit<Person>): Promise<Frame['grant']> {
  if (viewer.role !== 'admin') return null;
  const grant = await tx.accessGrant.findFirst({
    where: { sessionId: viewer.sessionId, endedAt: null, startedAt: { lte: now }, expiresAt: { gt: now } },
    select: { businessId: true, expiresAt: true },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
  });
  if (!grant) return null;
  const business = await tx.business.findFirst({ where: { id: grant.businessId }, select: { name: true } });
  return { businessName: business?.name ?? null, until: grant.expiresAt, now };
}
