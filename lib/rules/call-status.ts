/** How a call stands. A status only moves forward, whatever order callbacks arrive in. */

export type CallStatus = 'ringing' | 'in_progress' | 'failed' | 'missed' | 'rejected' | 'forwarded' | 'completed';

/** How a call can end. */
export const ENDINGS = ['completed', 'forwarded', 'missed', 'rejected', 'failed'] as const satisfies CallStatus[];
export type Ending = (typeof ENDINGS)[number];

/** What the caller wanted. `forwarded`: to speak to somebody, and did. */
export type CallIntent = 'message' | 'appointment' | 'hours' | 'emergency' | 'forwarded' | 'none';

/**
 * Later in the list wins. Among the final ones: better knowledge beats worse (a recording that arrives after the call's
 * end turns missed into completed), a rejected call stays rejected when its end is reported, and a message left is work
 * for somebody, so it beats a call that was taken.
 */
const ORDER: readonly CallStatus[] = [
  'ringing',
  'in_progress',
  'failed', // the network or we broke it
  'missed', // the caller hung up and left nothing
  'rejected', // screened out
  'forwarded', // staff took it
  'completed', // a message was left, or the caller got the hours they asked for
];

/** The status after a report: `next` when it is further on than `current`, else `current`. */
export function moveForward(current: CallStatus, next: CallStatus): CallStatus {
  return ORDER.indexOf(next) > ORDER.indexOf(current) ? next : current;
}

/** Later in the list says more: a call gets from the hours to a message, and from either to an emergency, never back. */
const INTENTS: readonly CallIntent[] = ['none', 'hours', 'forwarded', 'message', 'appointment', 'emergency'];

/** What a caller wanted after one more turn, in whatever order the turns arrive. */
export function addIntent(known: CallIntent, next: CallIntent): CallIntent {
  return INTENTS.indexOf(next) > INTENTS.indexOf(known) ? next : known;
}

const AT_WORK = new Set(['queued', 'initiated', 'ringing', 'in-progress']);

/** Whether a call is over, by what Twilio reports of it (its `CallStatus`). A word that we do not know counts as the end. */
export const isOver = (reported: string): boolean => !AT_WORK.has(reported);

/** What we know of a call when it ends. */
export type EndedCall = { readonly messageLeft: boolean; readonly taken: boolean; readonly intent: CallIntent };

/**
 * The status that a report of Twilio's (its `CallStatus`) stands for. An unknown word counts as the end of the call: a
 * call that is never closed would look as if it were still going on.
 */
export function statusFromReport(reported: string, call: EndedCall): CallStatus {
  if (['queued', 'initiated', 'ringing'].includes(reported)) return 'ringing';
  if (reported === 'in-progress') return 'in_progress';
  if (call.messageLeft) return 'completed';
  if (call.taken) return 'forwarded';
  if (reported === 'failed') return 'failed';
  return call.intent === 'hours' ? 'completed' : 'missed';
}
