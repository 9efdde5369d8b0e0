/**
 * Which calls still need somebody. Said twice, as a rule about a call in hand and as columns that the database works out
 * (migrations/*_lists); a test compares the two on every kind of call.
 *
 * Where it is not certain, a call counts as waiting: one too many on the list is seen, one too few is not.
 */
import type { CallIntent, CallStatus } from './call-status';
import { isSpam, type Uncharged } from './screening';

/** What of a call decides it. `number` is null where the caller withheld it. */
export type WaitingFacts = {
  readonly type: 'inbound' | 'outbound';
  readonly status: CallStatus;
  readonly intent: CallIntent;
  readonly urgent: boolean;
  readonly hasNumber: boolean;
  readonly heardAt: Date | null;
  readonly calledBackAt: Date | null;
  /** Why it costs nothing, and since when it is said to be no spam all the same. */
  readonly uncharged: Uncharged | null;
  readonly notSpamAt: Date | null;
  /** Nobody knows any more who it was. */
  readonly anonymised: boolean;
};

/** A completed call left a message, unless the hours were all the caller wanted (call-status.ts says what completed means). */
const CONTENT_WITHOUT_MESSAGE: CallIntent[] = ['hours', 'forwarded'];
/** The caller hung up and left nothing, or the connection broke. */
const BROKEN_OFF: CallStatus[] = ['missed', 'failed'];
/** Somebody spoke to the caller, or they were turned away. */
const SEEN_TO: CallStatus[] = ['forwarded', 'rejected'];

/** Whether the caller left a message. */
export function leftMessage({ type, status, intent }: Pick<WaitingFacts, 'type' | 'status' | 'intent'>): boolean {
  return type === 'inbound' && status === 'completed' && !CONTENT_WITHOUT_MESSAGE.includes(intent);
}

/** Whether there is something to tell people of: a message, or an emergency that nobody took; and it is no spam. */
export function isToBeTold(call: Omit<WaitingFacts, 'hasNumber' | 'heardAt' | 'calledBackAt' | 'anonymised'>): boolean {
  const { type, status, urgent, uncharged, notSpamAt } = call;
  if (isSpam(uncharged, notSpamAt)) return false;
  return leftMessage(call) || (type === 'inbound' && urgent && !SEEN_TO.includes(status));
}

/**
 * Whether somebody should call back: the caller left a message (which is also how one asks for an appointment), or has
 * an emergency that nobody took, or rang off and can be reached, or was turned away by mistake.
 */
export function isToCallBack(call: WaitingFacts): boolean {
  const { type, status, hasNumber, calledBackAt, uncharged, notSpamAt, anonymised } = call;
  if (type !== 'inbound' || calledBackAt !== null || anonymised || isSpam(uncharged, notSpamAt)) return false;
  if (isToBeTold(call)) return true;
  return hasNumber && (BROKEN_OFF.includes(status) || (status === 'rejected' && notSpamAt !== null));
}

/** Whether there is a message that nobody has listened to. Calling back settles it: then nobody needs to listen any more. */
export function isUnheard(call: WaitingFacts): boolean {
  const { heardAt, calledBackAt, uncharged, notSpamAt, anonymised } = call;
  if (heardAt !== null || calledBackAt !== null || anonymised) return false;
  return leftMessage(call) && !isSpam(uncharged, notSpamAt);
}
