/**
 * Which callers are turned away, and which calls cost nothing. Turned away is only who a business blocked, and a robot
 * beyond doubt: its number is forged, and it behaves as robots do. Everybody else is answered, and what turns out to be
 * nobody is not charged.
 */
import { type CallerId, isSameNumber } from './phone-number';

/** What a business said of a caller. */
export type CallerMark = 'blocked' | 'welcome';

/** What is found when it rings. `forged`: the number is not the caller's own, which alone turns nobody away. */
export type Verdict = 'blocked' | 'robot' | 'forged';
/** Why a call is turned away. */
export type TurnedAway = Exclude<Verdict, 'forged'>;

/** Why a call costs nothing. `silent`: the caller gave no sign. `short`: over before anything could be settled. */
export type Uncharged = TurnedAway | 'silent' | 'short';

/**
 * Whether the caller's carrier vouched for the number and the network found that to be untrue (SHAKEN/STIR, Twilio's
 * `StirVerstat`). Numbers that nobody vouched for are no news: most of the world has no such check.
 */
export const isForged = (stirVerstat: string): boolean => /^TN-Validation-Failed(?:-|$)/.test(stirVerstat);

/** What is known of a caller when it rings. */
export type Ringing = {
  readonly caller: CallerId;
  /** The number called, E.164. */
  readonly called: string;
  readonly isForged: boolean;
  readonly mark: CallerMark | null;
  /** Whether each of the calls from this number in the last days was silent. */
  readonly earlier: readonly boolean[];
};

/** How many days are looked back for what a caller did before. */
export const DAYS_LOOKED_BACK = 30;
/** So many silent calls, and no other, are a robot's. */
const SILENT_CALLS = 3;

/** What is to be thought of a caller when it rings; `null`: nothing. What the business says beats what we find. */
export function judgeCaller({ caller, called, isForged: forged, mark, earlier }: Ringing): Verdict | null {
  if (mark === 'blocked') return 'blocked';
  if (mark === 'welcome' || !forged || caller.kind !== 'number') return null;
  const hasSpoken = earlier.includes(false);
  const isSilentAgain = earlier.length >= SILENT_CALLS;
  return !hasSpoken && (isSilentAgain || isMadeUp(caller.e164, called)) ? 'robot' : 'forged';
}

/** Numbers that programs choose to be picked up: one that cannot exist, the called one itself, or one that looks like a neighbour's. */
function isMadeUp(e164: string, called: string): boolean {
  if (isSameNumber(e164, called)) return true;
  if (!e164.startsWith('+1')) return false;
  // North America: neither area code nor exchange begins with 0 or 1 (NANPA).
  const exchange = /^\+1[2-9]\d{2}[2-9]\d{2}(?=\d{4}$)/.exec(e164)?.[0];
  return exchange === undefined || called.startsWith(exchange);
}

/** Calls of fewer seconds cost nothing, whatever happened on them. */
export const SHORTEST_CHARGED = 15;

/** What is written down of a call that has ended. */
export type EndedTraces = {
  readonly turnedAway: TurnedAway | null;
  readonly isForged: boolean;
  /** Whether it heard our greeting: of a call that we know nothing of, we do not say that nobody spoke. */
  readonly isGreeted: boolean;
  /** Whether the caller pressed a key, said something, left words, or spoke to somebody. */
  readonly gaveSign: boolean;
  /** Whether what was left is another machine's announcement. */
  readonly isMachine: boolean;
  readonly urgent: boolean;
  readonly seconds: number;
};

/** Why a call that has ended costs nothing; `null` where it is charged. Who had an emergency is never taken for a robot. */
export function whyUncharged(call: EndedTraces): Uncharged | null {
  if (call.turnedAway !== null) return call.turnedAway;
  if (call.isMachine && !call.urgent) return 'robot';
  if (call.isGreeted && !call.gaveSign) return call.isForged ? 'robot' : 'silent';
  return call.seconds > 0 && call.seconds < SHORTEST_CHARGED ? 'short' : null;
}

/** Whether nobody needs to see to a call: it was a robot's, or a blocked caller's, and nobody has said otherwise. */
export const isSpam = (uncharged: Uncharged | null, notSpamAt: Date | null): boolean =>
  notSpamAt === null && (uncharged === 'blocked' || uncharged === 'robot');
