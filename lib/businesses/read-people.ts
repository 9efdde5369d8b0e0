import type { Member, Visit } from '@/lib/platform/visit';
import { dutyList } from './duty-list';

/** Who is rung, and when. */
export async function readPeople(visit: Visit<Member>) {
  const business = await visit.tx.business.findFirstOrThrow({
    where: { id: visit.viewer.businessId },
    select: { forwardWhenOpen: true, emergencyForwarding: true, ringSeconds: true },
  });
  const people = await dutyList(visit);
  if (people.length > 0) {
    visit.record({
      action: 'duty_contact.read',
      resourceType: 'duty_contact',
      details: { ids: people.map(({ id }) => id) },
    });
  }
  return {
    people: people.map(({ name, number }) => ({ name, number })),
    ringWhileOpen: business.forwardWhenOpen,
    emergency: business.emergencyForwarding,
    ringSeconds: business.ringSeconds,
  };
}
