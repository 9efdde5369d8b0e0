/** The people of a business are told of a call: who, and by which way; each mail and text is a job of its own. */
import { noteEvents } from '@/lib/calls/note-events';
import type { Job } from '@/lib/jobs/job';
import { toldAtOnce } from '@/lib/rules/telling';
import { listenersOf } from './listeners';
import { wantTellings } from './want-tellings';

/** A business that nobody belongs to any more cannot be told. */
class NobodyToTell extends Error {
  override name = 'NobodyToTell';
}

/** The job: decides who is told at once. Where everybody chose to hear nothing, the call says so. */
export async function tellPeople({ payload: { callId }, inside }: Job<'tell_people'>): Promise<void> {
  await inside(async (visit) => {
    const { businessId } = visit.viewer;
    const call = await visit.tx.call.findFirst({
      where: { businessId, id: callId },
      select: { urgent: true, status: true, business: { select: { escalateMinutes: true } } },
    });
    // Erased in the meantime; or its end was reported before somebody's having taken it.
    if (!call || call.status === 'forwarded') return;
    const people = await listenersOf(visit, businessId);
    if (people.length === 0) throw new NobodyToTell('the business has no people');
    const goesRound = call.business.escalateMinutes !== null;
    const told = toldAtOnce(people, { urgent: call.urgent, goesRound });
    if (told.length === 0) await noteEvents(visit, callId, [{ key: 'told_nobody', kind: 'told_nobody' }]);
    await wantTellings(visit, { businessId, callId, turn: 0 }, told);
  });
}

/** Says on the call that nobody could be told. */
export async function giveUpTelling({ payload: { callId }, inside }: Job<'tell_people'>): Promise<void> {
  await inside(async (visit) => {
    const call = await visit.tx.call.findFirst({ where: { id: callId }, select: { id: true } });
    if (call) await noteEvents(visit, callId, [{ key: 'told_failed', kind: 'told_failed' }]);
  });
}
