/** An urgent call that nobody has seen goes to the next person, until somebody takes it. */
import type { ClockRun, Counts } from '@/lib/jobs/clock-job';
import { newId } from '@/lib/platform/clock';
import { type Sql, sql } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import type { AftermathKind } from '@/lib/rules/aftermath';
import { ESCALATE_HOURS, nextInTurn } from '@/lib/rules/telling';
import { listenersOf } from './listeners';
import { wantTellings } from './want-tellings';

type Waiting = { readonly business_id: string; readonly id: string };

/** Calls in one run; the next is a minute later. */
const MOST = 200;

/** The job. `due`: urgent calls that have waited as long as their business says; `told`: people who hear of one now. */
export async function escalate({ isDryRun, signal, asSystem }: ClockRun): Promise<Counts> {
  const waiting = await asSystem(findWaiting);
  let told = 0;
  for (const call of isDryRun ? [] : waiting) {
    signal.throwIfAborted();
    if (await asSystem((visit) => tellNext(visit, call))) told += 1;
  }
  return { due: waiting.length, told };
}

/** Nobody sees to it, and whoever was told last has had their time: a mail in the place of a text gives them no more of it. `about`: which calls. */
const overdue = (now: Date, about: Sql): Sql => sql`
  FROM calls c JOIN businesses b ON b.id = c.business_id CROSS JOIN LATERAL (
    SELECT created_at AS last FROM tellings t WHERE t.business_id = c.business_id AND t.call_id = c.id
    ORDER BY turn DESC, created_at LIMIT 1) t
  WHERE c.urgent AND c.to_call_back AND c.taken_at IS NULL AND c.heard_at IS NULL AND b.suspended_at IS NULL
    AND c.started_at > ${now}::timestamptz - make_interval(hours => ${ESCALATE_HOURS})
    AND t.last <= ${now}::timestamptz - make_interval(mins => b.escalate_minutes) AND ${about}`;

const findWaiting = ({ tx, now }: Visit<System>): Promise<Waiting[]> => tx.$queryRaw`
  SELECT c.business_id, c.id ${overdue(now, sql`true`)} AND NOT EXISTS (SELECT FROM call_events e
    WHERE e.business_id = c.business_id AND e.call_id = c.id AND e.key = ${overKey})
  ORDER BY t.last LIMIT ${MOST}`;

const overKey = 'nobody_took_it' satisfies AftermathKind;

/** @returns whether somebody hears of it now: nobody, where somebody has seen it since, or everybody has heard often enough. */
async function tellNext(visit: Visit<System>, { business_id: businessId, id: callId }: Waiting): Promise<boolean> {
  const { tx, now } = visit;
  // Held: whoever takes it at this moment is either seen here, or waits until this is written.
  await tx.$queryRaw`SELECT FROM calls WHERE business_id = ${businessId}::uuid AND id = ${callId}::uuid FOR NO KEY UPDATE`;
  const still = await tx.$queryRaw<unknown[]>`
    SELECT c.id ${overdue(now, sql`c.business_id = ${businessId}::uuid AND c.id = ${callId}::uuid`)}`;
  if (still.length === 0) return false;
  const turns = await tx.telling.groupBy({ by: ['userId', 'turn'], where: { businessId, callId } });
  const times = new Map<string, number>();
  for (const { userId } of turns) times.set(userId, (times.get(userId) ?? 0) + 1);
  const next = nextInTurn(await listenersOf(visit, businessId), times);
  if (!next) {
    await tx.callEvent.createMany({
      data: [{ businessId, id: newId(), callId, key: overKey, kind: overKey, at: now }],
      skipDuplicates: true,
    });
    return false;
  }
  const turn = Math.max(...turns.map((told) => told.turn)) + 1;
  await wantTellings(visit, { businessId, callId, turn }, [next]);
  visit.record({ action: 'call.escalate', resourceType: 'call', resourceId: callId, businessId });
  return true;
}
