import { NotFound } from '@/lib/platform/errors';
import type { Member, Person, Visit } from '@/lib/platform/visit';
import { removeMember } from './remove-member';

/**
 * Takes the viewer out of the business that they are in. They stay signed in, in no business.
 *
 * @param id the business that the viewer meant: another window may have opened another one since.
 * @throws NotFound where they are in another one; Refusal for the last owner.
 */
export async function leaveBusiness(visit: Visit<Person>, { id }: { readonly id: string }): Promise<void> {
  if (!isInside(visit) || visit.viewer.businessId !== id) throw new NotFound();
  await removeMember(visit, { id: visit.viewer.userId });
}

const isInside = (visit: Visit<Person>): visit is Visit<Member> => visit.viewer.businessId !== null;
