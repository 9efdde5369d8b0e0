import { NotFound } from '@/lib/platform/errors';
import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';

/**
 * The number that a call came from (E.164); `null` where the caller withheld it, or had none.
 *
 * @throws NotFound for an id that is none here, or of a call that is nobody's any more.
 */
export async function callerNumber({ tx, viewer }: Visit<Member>, id: string): Promise<string | null> {
  const call = await tx.call.findFirst({
    where: { businessId: viewer.businessId, id, anonymised: false },
    select: { businessId: true, id: true, callerNumber: true, callerNumberIndex: true },
  });
  if (!call) throw new NotFound();
  return call.callerNumberIndex === null ? null : open('Call', call).callerNumber;
}
