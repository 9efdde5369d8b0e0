/** What happened in a call, read from a voice request of Twilio. */

import { type Place, placeFrom, VOICE_WEBHOOKS, type VoiceWebhook } from './call-address';
import type { Verdict } from './screening';
import { cutTo } from './text';

export type CallEvent =
  /** Somebody calls. `verdict`: what screening found, which the request alone does not say. */
  | { readonly kind: 'rings'; readonly verdict: Verdict | null }
  /** The caller pressed a key, said something, or (both '') did neither. */
  | { readonly kind: 'answers'; readonly at: Place; readonly digits: string; readonly speech: string }
  /** The person rung has picked up (digits '') or answered the whisper with a key. */
  | { readonly kind: 'picks_up'; readonly at: Place; readonly digits: string }
  /** Ringing is over. `bridged`: whether the two spoke; null when Twilio did not say. */
  | { readonly kind: 'rung'; readonly at: Place; readonly bridged: boolean | null }
  /** A recording is over. `seconds` null when Twilio did not say; `hasRecording` false when there is none. */
  | { readonly kind: 'recorded'; readonly at: Place; readonly seconds: number | null; readonly hasRecording: boolean };

/** Longest speech of a caller that is looked at or kept from one turn, in characters. */
export const LONGEST_SPEECH = 1000;

/**
 * Reads the event of one request. Total: a field that is missing, blank or odd counts as unknown, and an address whose
 * step is none of ours as a call that begins. A request to the fallback address is read as the one that failed, which
 * Twilio names in `ErrorUrl`.
 */
export function readCallEvent(
  webhook: 'voice' | 'fallback' | VoiceWebhook,
  query: URLSearchParams,
  fields: Readonly<Record<string, string | undefined>>,
): CallEvent {
  const field = (name: string) => (fields[name] ?? '').trim();
  if (webhook === 'fallback') {
    const failed = addressed(field('ErrorUrl'));
    return readCallEvent(failed?.webhook ?? 'voice', failed?.query ?? query, fields);
  }
  const at = webhook === 'voice' ? null : placeFrom(query);
  if (webhook === 'voice' || at === null) return { kind: 'rings', verdict: null };
  switch (webhook) {
    case 'turn':
      return { kind: 'answers', at, digits: field('Digits'), speech: cutTo(LONGEST_SPEECH, field('SpeechResult')) };
    case 'whisper':
      return { kind: 'picks_up', at, digits: field('Digits') };
    case 'dial-result':
      return { kind: 'rung', at, bridged: yesOrNo(field('DialBridged')) };
    case 'recorded': {
      const seconds = field('RecordingDuration');
      return {
        kind: 'recorded',
        at,
        seconds: /^\d{1,5}$/.test(seconds) ? Number(seconds) : null,
        hasRecording: field('RecordingUrl') !== '' || field('RecordingSid') !== '',
      };
    }
  }
}

function addressed(url: string): { webhook: VoiceWebhook; query: URLSearchParams } | null {
  if (!URL.canParse(url)) return null;
  const { pathname, searchParams } = new URL(url);
  const webhook = VOICE_WEBHOOKS.find((known) => pathname.endsWith(`/api/twilio/voice/${known}`));
  return webhook === undefined ? null : { webhook, query: searchParams };
}

function yesOrNo(text: string): boolean | null {
  if (/^true$/i.test(text)) return true;
  return /^false$/i.test(text) ? false : null;
}
