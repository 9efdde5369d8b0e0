/** Signing up: how long a sign-up waits for its confirmation, and how many mails it may cost. */
import type { Limit } from './limits';

/** The link in the mail works this long; after it, the sign-up is forgotten. */
export const confirmHours = 24;

/** Mails to one address about signing up, whoever asks and from wherever: nobody's mailbox can be filled from here. */
export const signUpMails: Limit = { name: 'sign-up-mails', tries: 5, seconds: 3_600 };

export const longestName = 120;

/** Whether a text can be the name of somebody or of a business: something to read, in one line, and not too much of it. */
export function isName(text: string): boolean {
  return text.length <= longestName && /[\p{L}\p{N}]/u.test(text) && !/\p{Control}/u.test(text);
}
