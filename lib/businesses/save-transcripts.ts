import type { Member, Visit } from '@/lib/platform/visit';
import type { TranscriptSource } from '@/lib/rules/transcript';
import { changeBusiness } from './change-business';

/** Chooses from what messages are written down. */
export async function saveTranscripts(
  visit: Visit<Member>,
  { transcripts }: { readonly transcripts: TranscriptSource },
): Promise<void> {
  const before = await visit.tx.business.findFirstOrThrow({
    where: { id: visit.viewer.businessId },
    select: { transcriptSource: true },
  });
  await changeBusiness(visit, transcripts === before.transcriptSource ? {} : { transcriptSource: transcripts });
}
