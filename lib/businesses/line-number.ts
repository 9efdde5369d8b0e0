import type { Line, Member, Visit } from '@/lib/platform/visit';

/** The number that callers dial, in E.164: what a business texts from; `null` until one is set. */
export async function lineNumber({ tx, viewer }: Visit<Line | Member>): Promise<string | null> {
  const route = await tx.phoneRoute.findFirst({
    where: { businessId: viewer.businessId },
    select: { number: true },
    orderBy: [{ createdAt: 'asc' }, { number: 'asc' }],
  });
  return route?.number ?? null;
}
