import type { Member, Visit } from '@/lib/platform/visit';
import { momentOf, nextSundayEvening } from '@/lib/rules/local-time';
import { isOpen, nextChange, type OpeningHours } from '@/lib/rules/opening-hours';
import { type PreviewStep, previewCall } from '@/lib/rules/preview-call';
import { calledNumber } from './called-number';
import { loadLine } from './load-line';
import { storedHours } from './stored-hours';

/** The opening hours, how they stand at this moment, and what would happen to a call at the local time `at` where one was asked for. */
export async function readHours(visit: Visit<Member>, { at }: { readonly at?: string | undefined }) {
  const hours = await storedHours(visit);
  const moment = at === undefined ? null : momentOf(at, hours.zone);
  return {
    hours,
    current: { open: isOpen(hours, visit.now), until: nextChange(hours, visit.now)?.at ?? null },
    preview: {
      at: at !== undefined && moment ? at : nextSundayEvening(visit.now, hours.zone),
      steps: moment ? await preview(visit, hours, moment) : [],
    },
  };
}

/** Opens the duty list, since the preview says who is rung. */
async function preview(visit: Visit<Member>, hours: OpeningHours, at: Date): Promise<readonly PreviewStep[]> {
  const { number } = await calledNumber(visit);
  const line = await loadLine(visit);
  const contacts = await visit.tx.dutyContact.findMany({
    where: { businessId: visit.viewer.businessId },
    select: { id: true },
  });
  visit.record({
    action: 'duty_contact.read',
    resourceType: 'duty_contact',
    details: { ids: contacts.map(({ id }) => id) },
  });
  return previewCall({ ...line, number: number ?? '', hours }, at);
}
