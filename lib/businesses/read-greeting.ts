import type { Member, Visit } from '@/lib/platform/visit';
import { LONGEST_SPOKEN_TEXT, phrases } from '@/lib/rules/speech';

/** The greeting, and what is said after it. */
export async function readGreeting({ tx, viewer }: Visit<Member>) {
  const { greeting } = await tx.business.findFirstOrThrow({
    where: { id: viewer.businessId },
    select: { greeting: true },
  });
  const { notice, menu } = phrases.en;
  return {
    greeting,
    maxLength: LONGEST_SPOKEN_TEXT,
    notice,
    menu: [menu.message, menu.appointment, menu.hours, menu.emergency].join(' '),
  };
}
