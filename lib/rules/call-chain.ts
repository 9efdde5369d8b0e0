/** What became of a call, link by link: answered → saved → told → seen → called back. */
import type { CallStatus } from './call-status';
import type { TellState, TellWay } from './telling';
import { isToBeTold, isToCallBack, leftMessage, type WaitingFacts } from './waiting';

/** `waiting` may still happen, `skipped` will not and need not. */
export type LinkState = 'done' | 'waiting' | 'failed' | 'skipped';
export type ChainLink = {
  readonly step: 'answered' | 'saved' | 'told' | 'seen' | 'called_back';
  readonly state: LinkState;
  readonly at: Date | null;
  readonly note: string | null;
};

/** What a recording or a transcript is to somebody who wants it. `coming`: on its way; `gone`: kept as long as promised. */
export type Possession = 'ready' | 'coming' | 'failed' | 'gone' | 'none';

export type ChainFacts = WaitingFacts & {
  readonly startedAt: Date;
  readonly recording: { readonly state: Possession; readonly storedAt: Date | null };
  /** When a person or the greeting first answered, as far as it was noted. */
  readonly answeredAt: Date | null;
  /** What became of each mail and text about it. */
  readonly told: readonly ToldFact[];
  /** Why it went no further: nobody wanted to hear of it, or there was nobody; null where it is going its way. */
  readonly untold: 'nobody wanted to' | 'nobody there' | null;
  /** It went round as often as it does, and nobody took it. */
  readonly nobodyTookIt: boolean;
  readonly takenAt: Date | null;
  /** Names of who listened, who sees to it and who called back; null for somebody who has left. */
  readonly heardBy: string | null;
  readonly takenBy: string | null;
  readonly calledBackBy: string | null;
};

export type ToldFact = { readonly way: TellWay; readonly state: TellState; readonly at: Date };

const link = (
  step: ChainLink['step'],
  state: LinkState,
  at: Date | null = null,
  note: string | null = null,
): ChainLink => ({ step, state, at, note });

export function chainOf(call: ChainFacts): readonly ChainLink[] {
  return [answered(call), saved(call), told(call), seen(call), calledBack(call)];
}

const ANSWERS: Readonly<Record<CallStatus, readonly [LinkState, note: string | null]>> = {
  ringing: ['waiting', null],
  in_progress: ['done', null],
  completed: ['done', null],
  forwarded: ['done', 'By one of your people'],
  missed: ['done', 'The caller left nothing'],
  rejected: ['skipped', 'Turned away'],
  failed: ['failed', 'The connection broke'],
};

function answered({ type, status, startedAt, answeredAt }: ChainFacts): ChainLink {
  if (type === 'outbound') return link('answered', 'skipped');
  const [state, note] = ANSWERS[status];
  return link('answered', state, state === 'done' ? (answeredAt ?? startedAt) : null, note);
}

function saved({ recording }: ChainFacts): ChainLink {
  switch (recording.state) {
    case 'ready':
      return link('saved', 'done', recording.storedAt);
    case 'coming':
      return link('saved', 'waiting', null, 'The recording is on its way');
    case 'failed':
      return link('saved', 'failed', null, 'The recording could not be fetched');
    case 'gone':
      return link('saved', 'done', null, 'Erased after the time it is kept');
    case 'none':
      return link('saved', 'skipped', null, 'No message was left');
  }
}

/** One person who was reached is enough; what did not arrive is said all the same. */
function told(call: ChainFacts): ChainLink {
  const reached = call.told.filter(({ way, state }) => state === 'delivered' || (way === 'mail' && state === 'sent'));
  const failed = call.told.filter(({ state }) => state === 'failed');
  const isUnsure = call.told.some(({ state }) => state === 'unconfirmed');
  const [first] = reached.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  if (first) {
    const lost = failed.length === 0 ? '' : `; ${waysOf(failed, 'a mail', 'a text')} did not arrive`;
    const unsure = isUnsure ? '; a text was not confirmed' : '';
    return link('told', 'done', first.at, `By ${waysOf(reached, 'e-mail', 'text')}${lost}${unsure}`);
  }
  if (call.told.some(({ state }) => state === 'sent')) return link('told', 'waiting', null, 'The text is on its way');
  if (isUnsure) return link('told', 'waiting', null, 'A text was sent, and not confirmed');
  const [lost] = failed;
  if (lost && failed.length === call.told.length)
    return link('told', 'failed', lost.at, `Nobody was reached: ${waysOf(failed, 'the e-mail', 'the text')} failed`);
  if (call.untold === 'nobody there') return link('told', 'failed', null, 'There was nobody to tell');
  if (call.untold === 'nobody wanted to') return link('told', 'skipped', null, 'Everybody chose not to hear of it');
  return link('told', call.told.length > 0 || isToBeTold(call) ? 'waiting' : 'skipped');
}

const waysOf = (facts: readonly ToldFact[], mail: string, text: string): string =>
  [
    ...(facts.some(({ way }) => way === 'mail') ? [mail] : []),
    ...(facts.some(({ way }) => way === 'text') ? [text] : []),
  ].join(' and ');

/** Somebody listened, or said that they see to it. */
function seen(call: ChainFacts): ChainLink {
  if (call.takenAt !== null) return link('seen', 'done', call.takenAt, `${call.takenBy ?? 'Somebody'} sees to it`);
  if (call.heardAt !== null) return link('seen', 'done', call.heardAt, call.heardBy);
  if (call.nobodyTookIt && call.calledBackAt === null)
    return link('seen', 'failed', null, 'Everybody was told three times, and nobody took it');
  return link('seen', isToBeTold(call) && call.calledBackAt === null ? 'waiting' : 'skipped');
}

function calledBack(call: ChainFacts): ChainLink {
  if (call.calledBackAt !== null) return link('called_back', 'done', call.calledBackAt, call.calledBackBy);
  return link('called_back', isToCallBack(call) ? 'waiting' : 'skipped');
}

/** How long we wait for something before it counts as failed, in milliseconds. */
const PATIENCE = 60 * 60_000;

/**
 * What to say of a message's recording or transcript that is not there, `keptDays` after which it is erased: whether it
 * is still to come, never came, or has gone.
 */
export function possessionOfMissing(call: WaitingFacts & { readonly startedAt: Date }, keptDays: number, now: Date) {
  const age = now.getTime() - call.startedAt.getTime();
  if (!leftMessage(call)) return 'none';
  if (call.anonymised) return 'gone';
  if (age > keptDays * 24 * 60 * 60_000) return 'gone';
  return age < PATIENCE ? 'coming' : 'failed';
}
