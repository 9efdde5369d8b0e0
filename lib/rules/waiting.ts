/**
 * Which calls still need somebody. Said twice, as a rule about a call in hand and as what a query asks the database; a
 * test compares the two on every kind of call.
 *
 * Where it is not certain, a call counts as waiting: one too many on the list is seen, one too few is not.
 */
import type { Prisma } from '@/lib/generated/prisma/client';
import type { CallIntent, CallStatus } from './call-status';

/** What of a call decides it. `number` is null where the caller withheld it. */
export type WaitingFacts = {
  readonly type: 'inbound' | 'outbound';
  readonly status: CallStatus;
  readonly intent: CallIntent;
  readonly urgent: boolean;
  readonly hasNumber: boolean;
  readonly heardAt: Date | null;
  readonly calledBackAt: Date | null;
  /** Nobody knows any more who it was. */
  readonly anonymised: boolean;
};

/** A completed call left a message, unless the hours were all the caller wanted (call-status.ts says what completed means). */
const CONTENT_WITHOUT_MESSAGE: CallIntent[] = ['hours', 'forwarded'];
/** The caller hung up and left nothing, or the connection broke. */
const BROKEN_OFF: CallStatus[] = ['missed', 'failed'];
/** Somebody spoke to the caller, or it was a robot. */
const SEEN_TO: CallStatus[] = ['forwarded', 'rejected'];

/** Whether the caller left a message. */
export function leftMessage({ type, status, intent }: Pick<WaitingFacts, 'type' | 'status' | 'intent'>): boolean {
  return type === 'inbound' && status === 'completed' && !CONTENT_WITHOUT_MESSAGE.includes(intent);
}

/** Whether people are told of it: there is a message, or an emergency that nobody took. */
export function isToBeTold(call: Pick<WaitingFacts, 'type' | 'status' | 'intent' | 'urgent'>): boolean {
  return leftMessage(call) || isUnmetEmergency(call);
}

const isUnmetEmergency = ({ type, status, urgent }: Pick<WaitingFacts, 'type' | 'status' | 'urgent'>): boolean =>
  type === 'inbound' && urgent && !SEEN_TO.includes(status);

/**
 * Whether somebody should call back: the caller left a message (which is also how one asks for an appointment), or has
 * an emergency that nobody took, or rang off and can be reached.
 */
export function isToCallBack(call: WaitingFacts): boolean {
  const { type, status, hasNumber, calledBackAt, anonymised } = call;
  if (type !== 'inbound' || calledBackAt !== null || anonymised) return false;
  return isToBeTold(call) || (hasNumber && BROKEN_OFF.includes(status));
}

/** Whether there is a message that nobody has listened to. Calling back settles it: then nobody needs to listen any more. */
export function isUnheard(call: WaitingFacts): boolean {
  return leftMessage(call) && call.heardAt === null && call.calledBackAt === null && !call.anonymised;
}

const messageLeft = {
  type: 'inbound',
  status: 'completed',
  intent: { notIn: CONTENT_WITHOUT_MESSAGE },
} satisfies Prisma.CallWhereInput;

/** `isToCallBack` for a query. */
export const toCallBack: Prisma.CallWhereInput = {
  type: 'inbound',
  calledBackAt: null,
  anonymised: false,
  OR: [
    messageLeft,
    { urgent: true, status: { notIn: SEEN_TO } },
    { callerNumber: { not: null }, status: { in: BROKEN_OFF } },
  ],
};

/** `isUnheard` for a query. */
export const unheard: Prisma.CallWhereInput = {
  ...messageLeft,
  heardAt: null,
  calledBackAt: null,
  anonymised: false,
};
