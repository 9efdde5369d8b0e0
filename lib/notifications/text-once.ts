import { env } from '@/lib/platform/env';
import { findText, type OutgoingText, sendText } from '@/lib/platform/twilio-messages';

/**
 * Sends a text, unless an attempt before this one has: whoever calls this has noted the attempt, and says whether there was
 * one before it.
 *
 * @param about names in the address of the callback what the text is about, by its id.
 * @returns its id at Twilio.
 * @throws TextRefused, TwilioError.
 */
export async function textOnce(
  text: OutgoingText,
  {
    isFirst,
    about,
  }: { readonly isFirst: boolean; readonly about: { readonly telling: string } | { readonly code: string } },
): Promise<string> {
  const sent = isFirst ? null : await findText(text);
  return sent ?? (await sendText(text, `${env().APP_URL}/api/twilio/messages/status?${new URLSearchParams(about)}`));
}
