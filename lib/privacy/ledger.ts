/**
 * The ledger: what must hold whatever backup is restored. One small object an event, in the store and outside the
 * backups: an erasure before anything is deleted; an opt-out, a legal hold or a business's own periods, as soon as they
 * are there. Ids, numbers of days, and the number of whom an opt-out or a hold is about, sealed as in its row: who has the
 * ledger learns that somebody was erased, and not who.
 */
import { z } from 'zod';
import { newId, now } from '@/lib/platform/clock';
import { type Storage, storage } from '@/lib/platform/storage';

const id = z.uuid();
/** A sealed value (sealing.ts), in base64. It opens for the row that the entry names, and with the keys alone. */
const sealed = z.base64().min(44);
const days = z.int().positive().nullable();

const event = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('account_erased'), userId: id }),
  z.strictObject({
    what: z.literal('caller_erased'),
    businessId: id,
    callIds: z.array(id),
    appointmentIds: z.array(id),
  }),
  z.strictObject({
    what: z.literal('opted_out'),
    businessId: id,
    optOutId: id,
    channel: z.enum(['texts', 'calls']),
    number: sealed,
    since: z.iso.datetime(),
  }),
  z.strictObject({ what: z.literal('opted_in'), businessId: id, optOutId: id }),
  z.strictObject({
    what: z.literal('hold_placed'),
    businessId: id,
    holdId: id,
    callId: id.nullable(),
    person: sealed.nullable(),
  }),
  z.strictObject({ what: z.literal('hold_lifted'), businessId: id, holdId: id }),
  z.strictObject({
    what: z.literal('periods_chosen'),
    businessId: id,
    recording: days,
    transcript: days,
    metadata: days,
  }),
]);
const entry = z.strictObject({ version: z.literal(1), at: z.iso.datetime(), event });

export type LedgerEvent = z.output<typeof event>;
export type LedgerEntry = { readonly at: Date; readonly event: LedgerEvent };

/** What is there cannot be read as an entry. The message names the object, which holds no personal data. */
export class LedgerError extends Error {
  override name = 'LedgerError';
}

const prefix = 'ledger/';
const stamp = (at: Date) => at.toISOString().toLowerCase().replaceAll(':', '-');

/** Writes an entry. When this returns, it is there, and what it speaks of may be done. */
export async function writeLedger(event: LedgerEvent, store: Storage = storage('backups')): Promise<void> {
  const at = now();
  const text = JSON.stringify({ version: 1, at: at.toISOString(), event });
  await store.put(`${prefix}${stamp(at)}-${newId()}.json`, new Blob([text]).stream());
}

/**
 * The entries from `since` on, in the order in which they were written.
 *
 * @throws LedgerError for an object that is none: a ledger that cannot be read whole must not pass for one that can.
 */
export async function* readLedger(since?: Date, store: Storage = storage('backups')): AsyncIterable<LedgerEntry> {
  const from = since ? `${prefix}${stamp(since)}` : prefix;
  for await (const { key } of store.list(prefix)) {
    if (key < from) continue;
    const parsed = entry.safeParse(await jsonOf(await store.read(key)));
    if (!parsed.success) throw new LedgerError(`${key} is no entry of the ledger`);
    yield { at: new Date(parsed.data.at), event: parsed.data.event };
  }
}

async function jsonOf(content: ReadableStream<Uint8Array>): Promise<unknown> {
  try {
    return JSON.parse(await new Response(content).text());
  } catch {
    return undefined;
  }
}
