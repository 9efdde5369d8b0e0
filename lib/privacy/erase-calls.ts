import { eraseCallKey } from '@/lib/calls/erase-remote-call';
import { wantJob } from '@/lib/jobs/want-job';
import { Refusal } from '@/lib/platform/errors';
import { sql } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import { anonymise } from './anonymise';
import { markRecordings, ofCalls, removeMarked } from './remove-recordings';
import type { Steps } from './steps';
import { holdTerms, type Terms } from './terms';

/** Calls in one transaction. */
const AT_A_TIME = 200;

/** What of a person a business has: calls and appointments, by their ids. */
export type Belongings = {
  readonly businessId: string;
  readonly callIds: readonly string[];
  readonly appointmentIds: readonly string[];
};

/** Something of it must not go while a dispute lasts. */
export class Held extends Refusal {
  override name = 'Held';
  constructor() {
    super('This is under a legal hold, so it cannot be erased. Nothing has been erased. Lift the hold first.');
  }
}

/**
 * Erases calls and appointments: recordings here and at Twilio, words, numbers and names. That there was a call, how long it
 * was and how it ended stays. What is gone already stays gone; killed in between, it is begun again with the same ids.
 *
 * @throws Held where a legal hold stops it. Holds are read again in each transaction that takes something away.
 */
export async function eraseCalls(steps: Steps, { businessId, callIds, appointmentIds }: Belongings): Promise<void> {
  for (let from = 0; from < appointmentIds.length; from += AT_A_TIME) {
    const ids = appointmentIds.slice(from, from + AT_A_TIME);
    await steps.asSystem(async (visit) => {
      const terms = await insistOnNoHold(visit, { businessId, callIds: [], appointmentIds: ids });
      const count = terms
        ? await anonymise(visit, 'Appointment', businessId, terms.zone, sql`id = ANY(${ids}::uuid[])`)
        : 0;
      note(visit, 'appointment.erase', businessId, count);
    });
  }
  for (let from = 0; from < callIds.length; from += AT_A_TIME) {
    const ids = callIds.slice(from, from + AT_A_TIME);
    const these = { businessId, callIds: ids, appointmentIds: [] };
    const marked = await steps.asSystem(async (visit) => {
      await insistOnNoHold(visit, these);
      await wantRemoteCallsErased(visit, businessId, ids);
      return markRecordings(visit, businessId, ofCalls(ids), null);
    });
    await removeMarked(steps, businessId, marked.ids, 'erasure');
    await steps.asSystem(async (visit) => {
      const terms = await insistOnNoHold(visit, these);
      if (!terms) return;
      await forgetJobs(visit, businessId, ids);
      await forgetCallers(visit, businessId, ids);
      await visit.tx.transcript.deleteMany({ where: { businessId, callId: { in: [...ids] } } });
      note(
        visit,
        'call.erase',
        businessId,
        await anonymise(visit, 'Call', businessId, terms.zone, sql`id = ANY(${ids}::uuid[])`),
      );
    });
  }
}

/** Twilio's own list has whoever called, too; and what it lists and we do not have, it would bring again (reconcile.ts). */
async function wantRemoteCallsErased(visit: Visit<System>, businessId: string, ids: readonly string[]): Promise<void> {
  const calls = await visit.tx.call.findMany({
    where: { businessId, id: { in: [...ids] }, callSid: { not: null } },
    select: { callSid: true },
  });
  for (const { callSid: reference } of calls) {
    if (reference === null) continue;
    await wantJob(visit, {
      kind: 'erase_remote_call',
      key: eraseCallKey(reference),
      payload: { reference },
    });
  }
}

/** What the business said of whoever made these calls. */
async function forgetCallers({ tx }: Visit<System>, businessId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM known_callers k USING calls c
    WHERE c.business_id = ${businessId}::uuid AND c.id = ANY(${ids}::uuid[]) AND k.business_id = c.business_id
      AND (k.number_index = c.caller_number_index OR k.number_index_b = c.caller_number_index_b)`;
}

/** Jobs that name a call: done, or with nothing left to do. After the times that others are kept, none is left by itself. */
async function forgetJobs({ tx }: Visit<System>, businessId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM jobs j USING calls c
    WHERE c.business_id = ${businessId}::uuid AND c.id = ANY(${ids}::uuid[])
      AND j.key IN ('tell-people ' || c.id, 'alert odd-callback ' || c.call_sid)`;
  await tx.$executeRaw`
    DELETE FROM jobs j USING tellings t
    WHERE t.business_id = ${businessId}::uuid AND t.call_id = ANY(${ids}::uuid[])
      AND j.key IN ('tell ' || t.id, 'check-text ' || t.id)`;
}

function note(
  { record }: Visit<System>,
  action: 'call.erase' | 'appointment.erase',
  businessId: string,
  count: number,
) {
  if (count === 0) return;
  const details = { reason: 'erasure', count: String(count) };
  record({ action, resourceType: action.replace('.erase', ''), businessId, details });
}

/** @returns `null` where there is no such business. @throws Held. */
export async function insistOnNoHold(visit: Visit<System>, what: Belongings): Promise<Terms | null> {
  const { businessId, callIds, appointmentIds } = what;
  const terms = await holdTerms(visit, businessId);
  if (terms?.holds === 'none') return terms;
  const [found] = await visit.tx.$queryRaw<{ held: boolean }[]>`
    SELECT EXISTS (SELECT FROM held_calls(${businessId}::uuid) h WHERE h = ANY(${callIds}::uuid[]))
      OR EXISTS (SELECT FROM appointments a JOIN legal_holds h ON h.business_id = a.business_id
        AND (h.person_index = a.customer_phone_index OR h.person_index_b = a.customer_phone_index_b)
        WHERE a.business_id = ${businessId}::uuid AND a.id = ANY(${appointmentIds}::uuid[])) AS held`;
  if (terms?.holds === 'all' || found?.held) throw new Held();
  return terms;
}
