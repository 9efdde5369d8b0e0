import type { Member, Visit } from '@/lib/platform/visit';
import type { RetentionPolicy } from '@/lib/rules/retention';

/** How long the viewer's business keeps things, where it chose for itself. */
export async function readPolicy({ tx, viewer }: Visit<Member>): Promise<RetentionPolicy> {
  const { recordingDays, transcriptDays, metadataDays, retentionBasis } = await tx.business.findFirstOrThrow({
    where: { id: viewer.businessId },
    select: { recordingDays: true, transcriptDays: true, metadataDays: true, retentionBasis: true },
  });
  return { recording: recordingDays, transcript: transcriptDays, metadata: metadataDays, basis: retentionBasis };
}
