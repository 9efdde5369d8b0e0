/** Legal holds: what must not be deleted while a dispute lasts. Its owners place and lift them. */
import { calledNumber } from '@/lib/businesses/called-number';
import { newId } from '@/lib/platform/clock';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { blindIndex, hasIndex, indexColumns, open, seal } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { toE164 } from '@/lib/rules/phone-number';
import { wantLedgerEntry } from './write-ledger-job';

export type HoldAsked = { readonly reason: string } & (
  | { readonly on: 'business' }
  | { readonly on: 'person'; readonly number: string }
  | { readonly on: 'call'; readonly callId: string }
);

/**
 * Places a hold. From the moment this is through nothing that it covers is deleted: retention waits while it is written, and
 * reads it in each statement that deletes.
 *
 * @throws Refusal for a number that is none, or where the same hold is there already; NotFound for a call that is not here.
 */
export async function placeHold(visit: Visit<Member>, asked: HoldAsked): Promise<void> {
  const { tx, viewer, now, record } = visit;
  const { businessId, userId } = viewer;
  // Retention holds this row while it deletes.
  await tx.business.updateMany({ where: { id: businessId }, data: { updatedAt: now } });
  const id = newId();
  const subject = await subjectOf(visit, asked, id);
  const same = subject.personIndex
    ? hasIndex('personIndex', { a: subject.personIndex, b: subject.personIndexB ?? subject.personIndex })
    : { callId: subject.callId, person: null };
  if ((await tx.legalHold.count({ where: { businessId, ...same } })) > 0)
    throw new Refusal('This is under a legal hold already. Nothing has changed.');
  await tx.legalHold.createMany({
    data: {
      ...seal('LegalHold', { businessId, id, reason: asked.reason }),
      ...subject,
      placedBy: userId,
      placedAt: now,
    },
  });
  await wantLedgerEntry(visit, 'legal_hold', id);
  record({ action: 'legal_hold.create', resourceType: 'legal_hold', resourceId: id });
}

async function subjectOf(visit: Visit<Member>, asked: HoldAsked, id: string) {
  const { tx, viewer } = visit;
  const { businessId } = viewer;
  const nobody = { person: null, ...indexColumns('personIndex', null) };
  if (asked.on === 'business') return { callId: null, ...nobody };
  if (asked.on === 'call') {
    const call = await tx.call.findFirst({
      where: { businessId, id: asked.callId, anonymised: false },
      select: { id: true },
    });
    if (!call) throw new NotFound();
    return { callId: call.id, ...nobody };
  }
  const { country } = await calledNumber(visit);
  const number = toE164(asked.number, country);
  if (number === null)
    throw new Refusal('Nothing has changed.', {
      number: 'This is not a whole number. Type it as you would dial it, such as +1 415 555 0132.',
    });
  const { person } = seal('LegalHold', { businessId, id, person: number });
  return { callId: null, person, ...indexColumns('personIndex', blindIndex('phone', number)) };
}

/**
 * Lifts a hold: what is over by now goes with the next retention.
 *
 * @throws NotFound for one that is not there, or is lifted already.
 */
export async function liftHold(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { tx, viewer, record } = visit;
  const { count } = await tx.legalHold.deleteMany({ where: { businessId: viewer.businessId, id } });
  if (count === 0) throw new NotFound();
  await wantLedgerEntry(visit, 'legal_hold', id);
  record({ action: 'legal_hold.delete', resourceType: 'legal_hold', resourceId: id });
}

/** The holds of the viewer's business, oldest first. */
export async function listHolds({ tx, viewer, record }: Visit<Member>) {
  const holds = await tx.legalHold.findMany({
    where: { businessId: viewer.businessId },
    select: {
      businessId: true,
      id: true,
      callId: true,
      person: true,
      reason: true,
      placedAt: true,
      call: { select: { startedAt: true } },
    },
    orderBy: [{ placedAt: 'asc' }, { id: 'asc' }],
  });
  if (holds.length > 0)
    record({ action: 'legal_hold.read', resourceType: 'legal_hold', details: { ids: holds.map(({ id }) => id) } });
  return holds.map(({ call, ...hold }) => {
    const { id, callId, person, reason, placedAt } = open('LegalHold', hold);
    return { id, callId, callAt: call?.startedAt ?? null, number: person, reason, placedAt };
  });
}
