import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { LONGEST_SPOKEN_TEXT, speakable } from '@/lib/rules/speech';
import { changeBusiness } from './change-business';

/**
 * Stores what callers hear first.
 *
 * @throws Refusal when there is nothing to speak, or too much.
 */
export async function saveGreeting(visit: Visit<Member>, form: { readonly greeting: string }): Promise<void> {
  // A browser sends line ends as two characters and counts them as one.
  const greeting = withoutControls(form.greeting.replaceAll('\r\n', '\n')).trim();
  if (speakable(greeting) === '') throw refusal('Write what your callers should hear.');
  if (greeting.length > LONGEST_SPOKEN_TEXT) {
    throw refusal(`This has ${greeting.length} characters. At most ${LONGEST_SPOKEN_TEXT} can be read out.`);
  }
  const before = await visit.tx.business.findFirstOrThrow({
    where: { id: visit.viewer.businessId },
    select: { greeting: true },
  });
  await changeBusiness(visit, greeting === before.greeting ? {} : { greeting });
}

const refusal = (greeting: string) =>
  new Refusal('We did not save the greeting. Nothing has changed. Please look at what is marked.', { greeting });

/** Neither a voice nor PostgreSQL has a use for them; line ends stay. */
const withoutControls = (text: string) => text.replace(/[^\P{Control}\n]/gu, '');
