/** Who has said that a business must not write to them, or ring them. Their word stands until they take it back. */
import type { OptOutChannel } from '@/lib/generated/prisma/enums';
import { newId } from '@/lib/platform/clock';
import { blindIndex, hasIndex, indexColumns, seal } from '@/lib/platform/sealing';
import type { Line, Member, Visit } from '@/lib/platform/visit';
import { wantLedgerEntry } from './write-ledger-job';

/** `number` in E.164. */
type Whom = { readonly number: string; readonly channel: OptOutChannel };

/**
 * Notes an opt-out, once however often it is said, and wants it written to the ledger. `mayContact` says no from the same
 * transaction on.
 *
 * @returns its id, for the trail.
 */
export async function optOut(visit: Visit<Line | Member>, { number, channel }: Whom): Promise<string> {
  const { tx, viewer, now, record } = visit;
  const { businessId } = viewer;
  const id = newId();
  const { count } = await tx.optOut.createMany({
    data: {
      ...seal('OptOut', { businessId, id, number }),
      channel,
      ...indexColumns('numberIndex', blindIndex('phone', number)),
      since: now,
    },
    skipDuplicates: true,
  });
  if (count === 0) return (await inForce(visit, { number, channel }))?.id ?? id;
  await wantLedgerEntry(visit, 'opt_out', id);
  record({ action: 'opt_out.create', resourceType: 'opt_out', resourceId: id });
  return id;
}

/** Takes an opt-out back, because the person asked for it. Nothing happens where there is none. */
export async function optIn(visit: Visit<Line | Member>, whom: Whom): Promise<void> {
  const { tx, viewer, now, record } = visit;
  const found = await inForce(visit, whom);
  if (!found) return;
  const { id } = found;
  await tx.optOut.updateMany({ where: { businessId: viewer.businessId, id }, data: { endedAt: now } });
  await wantLedgerEntry(visit, 'opt_out', id);
  record({ action: 'opt_out.end', resourceType: 'opt_out', resourceId: id });
}

/** Whether a business may write to a number, or ring it: to be asked in the transaction that wants it done. */
export const mayContact = async (visit: Visit<Line | Member>, whom: Whom): Promise<boolean> =>
  (await inForce(visit, whom)) === null;

const inForce = ({ tx, viewer }: Visit<Line | Member>, { number, channel }: Whom) =>
  tx.optOut.findFirst({
    where: {
      businessId: viewer.businessId,
      channel,
      endedAt: null,
      ...hasIndex('numberIndex', blindIndex('phone', number)),
    },
    select: { id: true },
  });
