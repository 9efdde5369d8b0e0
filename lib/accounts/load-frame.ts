import { open } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';

/** What stands around every page of a signed-in person. */
export type Frame = {
  /** The business they are in; null for somebody who is in none. */
  readonly businessName: string | null;
  /** Whether there is another one that they may open. */
  readonly hasOthers: boolean;
  readonly viewerName: string;
};

export async function loadFrame({ tx, viewer }: Visit<Person>): Promise<Frame> {
  const { userId, businessId } = viewer;
  const user = await tx.user.findFirstOrThrow({ where: { id: userId }, select: { id: true, name: true } });
  const business =
    businessId === null ? null : await tx.business.findFirst({ where: { id: businessId }, select: { name: true } });
  const other = await tx.membership.findFirst({
    where: { userId, ...(businessId !== null && { businessId: { not: businessId } }) },
    select: { businessId: true },
  });
  return { businessName: business?.name ?? null, hasOthers: other !== null, viewerName: open('User', user).name };
}
