import { calledNumber } from '@/lib/businesses/called-number';
import { open } from '@/lib/platform/sealing';
import type { Member, Person, Visit } from '@/lib/platform/visit';
import { mayContact } from '@/lib/privacy/opt-out';
import { can } from '@/lib/rules/permissions';
import { choiceOf } from '@/lib/rules/telling';

/** How the viewer is told of the calls of the business they are in; `null` where they work for none. */
export async function readChoice(visit: Visit<Person>) {
  return isMember(visit) ? choiceIn(visit) : null;
}

const isMember = (visit: Visit<Person>): visit is Visit<Member> =>
  visit.viewer.businessId !== null && can(visit.viewer.role, 'handle_calls');

async function choiceIn(visit: Visit<Member>) {
  const { tx, viewer, now } = visit;
  const { userId, businessId } = viewer;
  const { role, business, ...chosen } = await tx.membership.findFirstOrThrow({
    where: { businessId, userId },
    select: { role: true, mailAbout: true, textAbout: true, business: { select: { name: true } } },
  });
  const rows = await tx.mobileNumber.findMany({
    where: { userId, OR: [{ verifiedAt: { not: null } }, { expiresAt: { gt: now } }] },
    select: { id: true, number: true, verifiedAt: true, codeError: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  if (rows.length > 0) {
    visit.record({
      action: 'mobile_number.read',
      resourceType: 'mobile_number',
      details: { ids: rows.map(({ id }) => id) },
    });
  }
  const [newest] = rows;
  const verified = rows.find(({ verifiedAt }) => verifiedAt !== null);
  const number = verified ? open('MobileNumber', verified).number : null;
  const line = await calledNumber(visit);
  return {
    business: business.name,
    choice: choiceOf(role, chosen, number !== null),
    /** The telephone that is shown to be theirs. */
    number,
    /** The one that waits for its code. */
    asked:
      newest && newest !== verified
        ? { id: newest.id, number: open('MobileNumber', newest).number, error: newest.codeError }
        : null,
    /** Where texts come from; null while the business has no number. */
    lineNumber: line.number,
    hasStopped: number !== null && !(await mayContact(visit, { number, channel: 'texts' })),
  };
}
