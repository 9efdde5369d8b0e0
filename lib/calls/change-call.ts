import type { Prisma } from '@/lib/generated/prisma/client';
import { NotFound } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';

type Marks = Pick<
  Prisma.CallUncheckedUpdateManyInput,
  'heardAt' | 'heardBy' | 'calledBackAt' | 'calledBackBy' | 'takenAt' | 'takenBy' | 'notSpamAt' | 'notSpamBy'
>;

/**
 * Changes the marks on a call where they are as `from` says. Where they are not, somebody was quicker or pressed twice:
 * nothing changes, and the entry names no field.
 *
 * @returns whether anything changed.
 * @throws NotFound for an id that is none here, or of a call that is nobody's any more.
 */
export async function changeCall(
  { tx, viewer, record }: Visit<Member>,
  id: string,
  from: Prisma.CallWhereInput,
  to: Marks,
): Promise<boolean> {
  const where = { businessId: viewer.businessId, id, anonymised: false };
  const { count } = await tx.call.updateMany({ where: { ...where, ...from }, data: to });
  if (count === 0 && (await tx.call.count({ where })) === 0) throw new NotFound();
  record({
    action: 'call.update',
    resourceType: 'call',
    resourceId: id,
    details: { fields: count > 0 ? Object.keys(to) : [] },
  });
  return count > 0;
}
