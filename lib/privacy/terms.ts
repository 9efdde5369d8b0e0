import { type Sql, sql } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import type { RetentionPolicy } from '@/lib/rules/retention';

export type Terms = { readonly policy: RetentionPolicy; readonly zone: string };

/**
 * What a business chose, read for what is about to be deleted in the same transaction. Whoever changes it, or places a
 * legal hold, writes the business's row: until this transaction ends they wait, and what they changed before is seen by
 * the statements that follow.
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
  const { recording_days, transcript_days, metadata_days, retention_basis, zone } = found;
  return {
    policy: { recording: recording_days, transcript: transcript_days, metadata: metadata_days, basis: retention_basis },
    zone,
  };
}

/** Legal holds, as conditions of the deleting statement itself, so that they are read when it runs. */
export const notHeld = {
  business: (businessId: string): Sql => sql`NOT is_held(${businessId}::uuid)`,
  /** @param callId the column that names the call. */
  call: (businessId: string, callId: Sql): Sql =>
    sql`NOT is_held(${businessId}::uuid) AND ${callId} NOT IN (SELECT held_calls(${businessId}::uuid))`,
  appointment: (businessId: string): Sql => sql`NOT is_held(${businessId}::uuid)
    AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.business_id = ${businessId}::uuid
      AND (h.person_index = customer_phone_index OR h.person_index_b = customer_phone_index_b))`,
} as const;
