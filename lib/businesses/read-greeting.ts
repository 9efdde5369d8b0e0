import type { Member, Visit } from '@/lib/platform/visit';
import { LONGEST_SPOKEN_TEXT, phrases } from '@/lib/rules/speech';

/** The greeting, what is said after it, and from what messages are written down. */
export async function readGreeting({ tx, viewer }: Visit<Member>) {
  const { greeting, transcriptSource } = await tx.business.findFirstOrThrow({
    where: { id: viewer.businessId },
    select: { greeting: true, transcriptSource: true },
  });
  const { notice, menu } = phrases.en;
  return {
    greeting,
    transcripts: transcriptSource,
    maxLength: LONGEST_SPOKEN_TEXT,
    notice,
    menu: [menu.message, menu.appointment, menu.hours, menu.emergency].join(' '),
  };
}
