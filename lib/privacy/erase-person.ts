/**
 * Erasing a person: a caller of a business, or an account. The ledger says so before anything is deleted, so that no
 * backup brings them back. What a law holds, and what would leave a business without an owner, is refused first.
 */
import type { Job } from '@/lib/jobs/job';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { hasIndex } from '@/lib/platform/sealing';
import type { Member, Person, System, Visit } from '@/lib/platform/visit';
import { eraseAccountRows } from './erase-account-rows';
import { type Belongings, eraseCalls, Held, insistOnNoHold } from './erase-calls';
import { writeLedger } from './ledger';
import type { Steps } from './steps';

/** Twilio may still send what belongs to a call for so long after it began: it would begin the call anew. */
const SETTLED_AFTER_MS = 3_600_000;

/**
 * Wants whoever made a call erased from the viewer's business: every call and appointment of theirs.
 *
 * @throws NotFound for a call whose caller is not known, or no longer; Held.
 */
export async function wantCallerErased(visit: Visit<Member>, { callId }: { readonly callId: string }): Promise<void> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const call = await tx.call.findFirst({
    where: { businessId, id: callId, callerNumberIndex: { not: null } },
    select: { callerNumberIndex: true, callerNumberIndexB: true },
  });
  if (!call) throw new NotFound();
  const [found] = await tx.$queryRaw<{ held: boolean }[]>`
    SELECT is_held(${businessId}::uuid) OR ${callId}::uuid IN (SELECT held_calls(${businessId}::uuid)) AS held`;
  if (found?.held) throw new Held();
  const newest = await tx.call.aggregate({
    where: { businessId, ...hasIndex('callerNumberIndex', indexOf(call)) },
    _max: { startedAt: true },
  });
  const since = now.getTime() - (newest._max.startedAt?.getTime() ?? 0);
  await wantJob(visit, {
    kind: 'erase_caller',
    key: `erase-caller ${newId()}`,
    payload: { callId },
    delaySeconds: Math.max(0, Math.ceil((SETTLED_AFTER_MS - since) / 1000)),
  });
  visit.record({ action: 'caller.erase', resourceType: 'call', resourceId: callId });
}

/**
 * Wants the viewer's own account erased.
 *
 * @throws Refusal that says what has to be done first.
 */
export async function wantAccountErased(visit: Visit<Person>): Promise<void> {
  const { userId } = visit.viewer;
  await insistOnLeave(visit, userId);
  await wantJob(visit, { kind: 'erase_account', key: `erase-account ${newId()}`, payload: { userId } });
  visit.record({ action: 'account.erase', resourceType: 'user', resourceId: userId });
}

class TooSoon extends Error {
  override name = 'TooSoon';
}

/** The job: whoever made a call. Nothing is left to do where the call is anonymous by now. */
export async function eraseCallerJob(job: Job<'erase_caller'>): Promise<void> {
  const { callId } = job.payload;
  const what = await job.inside(async ({ tx, viewer, now }): Promise<Belongings | null> => {
    const { businessId } = viewer;
    const call = await tx.call.findFirst({
      where: { businessId, id: callId, callerNumberIndex: { not: null } },
      select: { callerNumberIndex: true, callerNumberIndexB: true },
    });
    if (!call) return null;
    const calls = await tx.call.findMany({
      where: { businessId, ...hasIndex('callerNumberIndex', indexOf(call)) },
      select: { id: true, startedAt: true },
    });
    if (calls.some(({ startedAt }) => now.getTime() - startedAt.getTime() < SETTLED_AFTER_MS))
      throw new TooSoon('a call of theirs may not be over');
    const appointments = await tx.appointment.findMany({
      where: { businessId, ...hasIndex('customerPhoneIndex', indexOf(call)) },
      select: { id: true },
    });
    // The one by which they are found comes last: killed before it, the job finds them again.
    const others = calls.flatMap(({ id }) => (id === callId ? [] : [id]));
    return { businessId, callIds: [...others, callId], appointmentIds: appointments.map(({ id }) => id) };
  });
  if (what) await eraseCaller(job, what);
}

/** Erases what a business has of a caller. @throws Held, before anything is written or deleted. */
export async function eraseCaller(steps: Steps, what: Belongings): Promise<void> {
  await steps.asSystem((visit) => insistOnNoHold(visit, what));
  await writeLedger({
    what: 'caller_erased',
    ...what,
    callIds: [...what.callIds],
    appointmentIds: [...what.appointmentIds],
  });
  await eraseCalls(steps, what);
}

/** The job. */
export const eraseAccountJob = (job: Job<'erase_account'>): Promise<void> => eraseAccount(job, job.payload);

/**
 * Erases an account and all that is its own: sign-ins, sessions, links, invitations to its address, and where it came from in
 * the trail. What they did in a business stays in its trail, under an id that leads to nobody.
 *
 * @throws Refusal that says what has to be done first, before anything is written or deleted.
 */
export async function eraseAccount(steps: Steps, { userId }: { readonly userId: string }): Promise<void> {
  await steps.asSystem((visit) => insistOnLeave(visit, userId));
  await writeLedger({ what: 'account_erased', userId });
  await eraseAccountRows(steps, userId);
}

type Obstacle = { why: 'sole_owner' | 'legal_hold' | 'last_admin'; business_name: string | null };

async function insistOnLeave({ tx }: Visit<Person | System>, userId: string): Promise<void> {
  const [obstacle] = await tx.$queryRaw<Obstacle[]>`
    SELECT why, business_name FROM what_keeps_account(${userId}::uuid) ORDER BY why DESC, business_name`;
  if (obstacle) throw new Refusal(`${sentences[obstacle.why](obstacle.business_name ?? '')} Nothing has been erased.`);
}

const sentences: Readonly<Record<Obstacle['why'], (business: string) => string>> = {
  sole_owner: (business) => `You are the only owner of ${business}. Hand it over to somebody first, under People.`,
  legal_hold: (business) =>
    `${business} is under a legal hold, and you belong to it. An owner has to lift the hold first.`,
  last_admin: () => 'You are the last admin who can sign in. Make somebody else one first.',
};

/** The index of whoever made a call. */
function indexOf({
  callerNumberIndex: a,
  callerNumberIndexB: b,
}: {
  callerNumberIndex: Uint8Array<ArrayBuffer> | null;
  callerNumberIndexB: Uint8Array<ArrayBuffer> | null;
}) {
  if (a === null || b === null) throw new NotFound();
  return { a, b };
}
