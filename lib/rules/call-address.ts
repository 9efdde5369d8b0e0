/**
 * Where a call is. The place travels in the query of the next address, which Twilio signs, so a turn can be understood
 * without the database. It holds small whole numbers and no personal data.
 */

/** The webhooks below /api/twilio/voice that go on with a call. */
export const VOICE_WEBHOOKS = ['turn', 'whisper', 'dial-result', 'recorded'] as const;
export type VoiceWebhook = (typeof VOICE_WEBHOOKS)[number];

/**
 * duty: ringing the people on duty in opening hours · menu: the caller is choosing · emergency: ringing them urgently ·
 * message, appointment, urgent: recording, three ways.
 */
export const STEPS = ['duty', 'menu', 'emergency', 'message', 'appointment', 'urgent'] as const;
export type Step = (typeof STEPS)[number];

export type Place = {
  readonly step: Step;
  /** How often this has been asked, from 1. */
  readonly attempt: number;
  /** Who is being rung: an index into the business's duty list. */
  readonly person: number;
  /** How often the hours have been read out in this call. */
  readonly hoursRead: number;
};

export type Address = { readonly webhook: VoiceWebhook; readonly place: Place };

/** The place where a step begins. */
export function placeAt(step: Step, more: Partial<Omit<Place, 'step'>> = {}): Place {
  return { step, attempt: 1, person: 0, hoursRead: 0, ...more };
}

/** An address as path and query: `/api/twilio/voice/turn?step=menu&attempt=1`. */
export function pathOf({ webhook, place }: Address): string {
  return `/api/twilio/voice/${webhook}?${queryOf(place)}`;
}

/** A place as a query, always the same for the same place: it also names the turn when events are told apart. */
export function queryOf({ step, attempt, person, hoursRead }: Place): string {
  const query = new URLSearchParams({ step, attempt: String(attempt) });
  if (person > 0) query.set('person', String(person));
  if (hoursRead > 0) query.set('hours', String(hoursRead));
  return query.toString();
}

/**
 * Reads a place from a query. null when the step is none of ours (an address of another version of this program): the
 * call then starts again with its greeting. A number that is missing or odd counts as the start.
 */
export function placeFrom(query: URLSearchParams): Place | null {
  const step = STEPS.find((known) => known === query.get('step'));
  if (step === undefined) return null;
  const number = (name: string, otherwise: number) => {
    const text = query.get(name) ?? '';
    return /^\d{1,3}$/.test(text) ? Math.max(otherwise, Number(text)) : otherwise;
  };
  return { step, attempt: number('attempt', 1), person: number('person', 0), hoursRead: number('hours', 0) };
}
