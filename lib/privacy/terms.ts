import { type Sql, sql } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import type { RetentionPolicy } from '@/lib/rules/retention';

export type Terms = {
  readonly policy: RetentionPolicy;
  readonly zone: string;
  /** Legal holds: of everything, of some calls or callers, or none. */
  readonly holds: 'all' | 'some' | 'none';
};

/**
 * What a business chose and what it holds, read for what is about to be deleted in the same transaction. Whoever changes
 * the one or places the other writes the business's row: until this transaction ends they wait, and what they did before
 * is seen here.
 *
 * @returns `null` where there is no such business.
 */
export async function holdTerms({ tx }: Visit<System>, businessId: string): Promise<Terms | null> {
  const [found] = await tx.$queryRaw<
    {
      recording_days: number | null;
      transcript_days: number | null;
      metadata_days: number | null;
      retention_basis: string | null;
      zone: string;
    }[]
  >`SELECT recording_days, transcript_days, metadata_days, retention_basis, zone FROM businesses
    WHERE id = ${businessId}::uuid FOR SHARE`;
  if (!found) return null;
  // Apart from the lock: a statement that waited for it would still see what was there before it waited.
  const [held] = await tx.$queryRaw<{ all: boolean; some: boolean }[]>`
    SELECT is_held(${businessId}::uuid) AS all, EXISTS (SELECT FROM legal_holds WHERE business_id = ${businessId}::uuid) AS some`;
  const { recording_days, transcript_days, metadata_days, retention_basis, zone } = found;
  return {
    policy: { recording: recording_days, transcript: transcript_days, metadata: metadata_days, basis: retention_basis },
    zone,
    holds: held?.all ? 'all' : held?.some ? 'some' : 'none',
  };
}

/** That nothing holds a row, as a condition. Where there are no holds, it asks for nothing. */
export const notHeld = {
  /** @param callId the column that names the call. */
  call: ({ holds }: Terms, businessId: string, callId: Sql): Sql =>
    holds === 'none' ? sql`true` : sql`${callId} NOT IN (SELECT held_calls(${businessId}::uuid))`,
  appointment: ({ holds }: Terms, businessId: string): Sql =>
    holds === 'none'
      ? sql`true`
      : sql`NOT EXISTS (SELECT FROM legal_holds h WHERE h.business_id = ${businessId}::uuid
          AND (h.person_index = customer_phone_index OR h.person_index_b = customer_phone_index_b))`,
} as const;
