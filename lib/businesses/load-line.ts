/** The business as the call flow needs it: configured, with the duty list opened and the month's minutes counted. */
import { open } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import type { Business, DutyPerson } from '@/lib/rules/call';
import { monthOf, serviceFor } from '@/lib/rules/minutes';
import type { HoursException, WeeklyHours } from '@/lib/rules/opening-hours';
import { secondsCharged } from './seconds-charged';

/** A business as the call flow knows it; who is on duty with the id on the list, to be known again when that has changed. */
export type CalledBusiness = Business & { readonly duty: readonly (DutyPerson & { readonly id: string })[] };

/** @param number the called number (E.164), which is never rung. */
export async function loadLine(visit: Visit<Line>, number: string): Promise<CalledBusiness> {
  const { businessId } = visit.viewer;
  const business = await visit.tx.business.findFirstOrThrow({
    where: { id: businessId },
    select: {
      name: true,
      greeting: true,
      zone: true,
      weeklyHours: true,
      exceptions: true,
      monthlyMinutesLimit: true,
      suspendedAt: true,
      forwardWhenOpen: true,
      emergencyForwarding: true,
      ringSeconds: true,
      transcriptSource: true,
      dutyContacts: { orderBy: { position: 'asc' }, select: { businessId: true, id: true, name: true, phone: true } },
    },
  });
  const used = await secondsCharged(visit, monthOf(visit.now, business.zone));
  return {
    name: business.name,
    number,
    greeting: business.greeting,
    hours: {
      zone: business.zone,
      // A constraint of the database says that these have their form.
      weekly: business.weeklyHours as unknown as WeeklyHours,
      exceptions: business.exceptions as unknown as readonly HoursException[],
    },
    duty: business.dutyContacts.map((contact) => {
      const { id, name, phone } = open('DutyContact', contact);
      return { id, name, number: phone };
    }),
    ringWhenOpen: business.forwardWhenOpen,
    ringInEmergency: business.emergencyForwarding,
    ringSeconds: business.ringSeconds,
    transcripts: business.transcriptSource,
    // Suspended or used up: the caller is greeted and can leave a message all the same.
    service: business.suspendedAt !== null ? 'message_only' : serviceFor(used, business.monthlyMinutesLimit),
  };
}
