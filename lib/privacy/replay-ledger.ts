/** After a restore: what happened after the backup and must hold all the same happens again, in its order. */
import { log } from '@/lib/platform/log';
import { blindIndex, indexColumns, open, seal } from '@/lib/platform/sealing';
import type { System, Visit } from '@/lib/platform/visit';
import { eraseAccountRows } from './erase-account-rows';
import { eraseCalls, Held } from './erase-calls';
import { type LedgerEvent, readLedger } from './ledger';
import type { Steps } from './steps';

/** `refused`: an erasure that a legal hold stops; it is in the log. */
export type Replayed = {
  readonly erasures: number;
  readonly optOuts: number;
  readonly holds: number;
  readonly refused: number;
};

/**
 * Does again what the ledger says, from `since` on or from its beginning. Doing it twice changes nothing. Nothing must be
 * served, sent or deleted by the clock before it is through.
 *
 * @throws LedgerError where an entry cannot be read, SealError where the key of one is missing: then not all of it was done.
 */
export async function replayLedger(steps: Steps, since?: Date): Promise<Replayed> {
  const counts = { erasures: 0, optOuts: 0, holds: 0, refused: 0 };
  for await (const { at, event } of readLedger(since)) {
    if (event.what === 'account_erased' || event.what === 'caller_erased') {
      counts[await erasedAgain(steps, event)] += 1;
    } else {
      await steps.asSystem((visit) => again(visit, at, event));
      if (event.what === 'opted_out' || event.what === 'opted_in') counts.optOuts += 1;
      else counts.holds += 1;
    }
  }
  return counts;
}

type Erasure = Extract<LedgerEvent, { what: 'account_erased' | 'caller_erased' }>;

async function erasedAgain(steps: Steps, event: Erasure): Promise<'erasures' | 'refused'> {
  try {
    if (event.what === 'account_erased') await eraseAccountRows(steps, event.userId, false);
    else await eraseCalls(steps, event);
    return 'erasures';
  } catch (error) {
    if (!(error instanceof Held)) throw error;
    log.error({ event: 'ledger.held', error });
    return 'refused';
  }
}

/** What a business decided. It may be gone, and so may the call that a hold is on: then there is nothing to decide. */
async function again({ tx }: Visit<System>, at: Date, event: Exclude<LedgerEvent, Erasure>): Promise<void> {
  const { businessId } = event;
  if ((await tx.business.count({ where: { id: businessId } })) === 0) return;
  switch (event.what) {
    case 'opted_out': {
      const { optOutId: id, channel } = event;
      const number = bytes(event.number);
      const opened = open('OptOut', { businessId, id, number }).number;
      await tx.optOut.createMany({
        data: {
          businessId,
          id,
          channel,
          number,
          ...indexColumns('numberIndex', blindIndex('phone', opened)),
          since: new Date(event.since),
        },
        skipDuplicates: true,
      });
      return;
    }
    case 'opted_in':
      await tx.optOut.updateMany({ where: { businessId, id: event.optOutId, endedAt: null }, data: { endedAt: at } });
      return;
    case 'hold_placed': {
      const { holdId: id, callId } = event;
      if (callId !== null && (await tx.call.count({ where: { businessId, id: callId } })) === 0) return;
      const person = event.person === null ? null : bytes(event.person);
      const opened = person && open('LegalHold', { businessId, id, person }).person;
      const reason = 'Placed after the backup that was restored.';
      await tx.legalHold.createMany({
        data: {
          ...seal('LegalHold', { businessId, id, reason }),
          callId,
          person,
          ...indexColumns('personIndex', opened === null ? null : blindIndex('phone', opened)),
          placedAt: at,
        },
        skipDuplicates: true,
      });
      return;
    }
    case 'hold_lifted':
      await tx.legalHold.deleteMany({ where: { businessId, id: event.holdId } });
      return;
    case 'periods_chosen': {
      const { recording, transcript, metadata } = event;
      await tx.$executeRaw`
        UPDATE businesses SET recording_days = ${recording}, transcript_days = ${transcript}, metadata_days = ${metadata},
          retention_basis = coalesce(retention_basis, 'Named after the backup that was restored') WHERE id = ${businessId}::uuid`;
      return;
    }
  }
}

const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
