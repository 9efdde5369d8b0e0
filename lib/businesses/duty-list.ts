import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';

/** The duty list, opened, in the order in which people are rung; numbers in E.164. */
export async function dutyList({ tx, viewer }: Visit<Member>) {
  const contacts = await tx.dutyContact.findMany({
    where: { businessId: viewer.businessId },
    select: { businessId: true, id: true, name: true, phone: true },
    orderBy: { position: 'asc' },
  });
  return contacts.map((contact) => {
    const { id, name, phone } = open('DutyContact', contact);
    return { id, name, number: phone };
  });
}
