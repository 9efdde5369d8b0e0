/** What a business decided goes to the ledger as it stands by then: whichever of two jobs comes last says how it ended. */
import type { Job } from '@/lib/jobs/job';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import type { Line, Member, System, Visit } from '@/lib/platform/visit';
import type { LedgerSubject } from '@/lib/rules/ledger';
import { type LedgerEvent, writeLedger } from './ledger';

/** Wants it written, in the transaction that decides it. `reference`: the opt-out, the hold, or the business itself. */
export const wantLedgerEntry = (
  visit: Visit<Line | Member>,
  subject: LedgerSubject,
  reference: string,
): Promise<void> =>
  wantJob(visit, { kind: 'write_ledger', key: `ledger ${subject} ${newId()}`, payload: { subject, reference } });

/** The job. */
export async function writeLedgerJob(job: Job<'write_ledger'>): Promise<void> {
  const { subject, reference } = job.payload;
  const businessId = await job.inside(async ({ viewer }) => viewer.businessId);
  // A hold is its owners' to read, and a worker is none.
  const event = await job.asSystem((visit) => eventOf[subject](visit, businessId, reference));
  if (event) await writeLedger(event);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

type Read = ({ tx }: Visit<System>, businessId: string, id: string) => Promise<LedgerEvent | null>;

const eventOf: Readonly<Record<LedgerSubject, Read>> = {
  opt_out: async ({ tx }, businessId, id) => {
    const found = await tx.optOut.findFirst({
      where: { businessId, id },
      select: { channel: true, number: true, since: true, endedAt: true },
    });
    if (!found) return null;
    if (found.endedAt !== null) return { what: 'opted_in', businessId, optOutId: id };
    const { channel, since } = found;
    const number = base64(found.number);
    return { what: 'opted_out', businessId, optOutId: id, channel, number, since: since.toISOString() };
  },
  legal_hold: async ({ tx }, businessId, id) => {
    const found = await tx.legalHold.findFirst({ where: { businessId, id }, select: { callId: true, person: true } });
    if (!found) return { what: 'hold_lifted', businessId, holdId: id };
    const { callId, person } = found;
    return { what: 'hold_placed', businessId, holdId: id, callId, person: person && base64(person) };
  },
  periods: async ({ tx }, businessId) => {
    const found = await tx.business.findFirst({
      where: { id: businessId },
      select: { recordingDays: true, transcriptDays: true, metadataDays: true },
    });
    if (!found) return null;
    const { recordingDays: recording, transcriptDays: transcript, metadataDays: metadata } = found;
    return { what: 'periods_chosen', businessId, recording, transcript, metadata };
  },
};
