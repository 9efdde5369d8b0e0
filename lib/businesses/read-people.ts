import type { Member, Visit } from '@/lib/platform/visit';
import { dutyList } from './duty-list';
import { unansweredRings } from './unanswered-rings';
import { zoneOf } from './zone-of';

/** Who is rung, and when, and who did not answer the last time. */
export async function readPeople(visit: Visit<Member>) {
  const business = await visit.tx.business.findFirstOrThrow({
    where: { id: visit.viewer.businessId },
    select: { forwardWhenOpen: true, emergencyForwarding: true, ringSeconds: true },
  });
  const people = await dutyList(visit);
  const unanswered = await unansweredRings(visit);
  if (people.length > 0) {
    visit.record({
      action: 'duty_contact.read',
      resourceType: 'duty_contact',
      details: { ids: people.map(({ id }) => id) },
    });
  }
  return {
    now: visit.now,
    zone: await zoneOf(visit),
    people: people.map(({ id, name, number }) => ({ name, number, unanswered: unanswered.get(id) ?? null })),
    ringWhileOpen: business.forwardWhenOpen,
    emergency: business.emergencyForwarding,
    ringSeconds: business.ringSeconds,
  };
}
