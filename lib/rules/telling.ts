/**
 * Who is told of a call, by which way, and to whom an urgent one goes next. Each person chooses by mail and by text; the
 * business chooses how long an urgent call waits, and in which order it goes round.
 */

export const TELL_ABOUT = ['all', 'urgent', 'nothing'] as const;
export type TellAbout = (typeof TELL_ABOUT)[number];
export const TELL_WAYS = ['mail', 'text'] as const;
export type TellWay = (typeof TELL_WAYS)[number];

/**
 * How far a mail or a text has come. `sent`: taken by the mail server, or by Twilio. Of a text alone: `delivered`, and
 * `unconfirmed` where no network has said whether it was, as some never do.
 */
export type TellState = 'wanted' | 'sent' | 'unconfirmed' | 'delivered' | 'failed';

/** What a person wants to hear of. Without a telephone that is theirs, nothing by text. */
export type Choice = Readonly<Record<TellWay, TellAbout>>;
export type Listener = Choice & { readonly userId: string };
/** A person, and the ways by which they are told. */
export type Told = { readonly userId: string; readonly ways: readonly TellWay[] };

/** What counts until somebody chooses: owners hear of everything, staff of what is urgent and waits too long. */
const usualMail = { business_owner: 'all', staff: 'urgent' } as const satisfies Record<string, TellAbout>;
/** Whoever has shown a telephone to be theirs wanted something by it. */
const usualText: TellAbout = 'urgent';
type MemberRole = keyof typeof usualMail;

type Chosen = { readonly mailAbout: TellAbout | null; readonly textAbout: TellAbout | null };

/** A member's choice, as it counts. */
export const choiceOf = (role: MemberRole, { mailAbout, textAbout }: Chosen, hasMobile: boolean): Choice => ({
  mail: mailAbout ?? usualMail[role],
  text: hasMobile ? (textAbout ?? usualText) : 'nothing',
});

/** Minutes that an urgent call may wait for somebody, to choose from; without any, everybody is told at once. */
export const ESCALATE_MINUTES = [5, 10, 15, 30, 60] as const;
/** How often an urgent call goes round before we stop. */
export const MOST_ROUNDS = 3;
/** Hours after which a call is no longer brought to anybody. */
export const ESCALATE_HOURS = 24;

type Place = {
  readonly userId: string;
  readonly role: MemberRole;
  readonly turn: number | null;
  readonly createdAt: Date;
};

/** The order in which urgent calls go round: as somebody ordered it, then owners before staff, and who is longest here. */
export function inOrder<P extends Place>(people: readonly P[]): P[] {
  const last = Number.MAX_SAFE_INTEGER;
  const rank = ({ role }: Place) => (role === 'business_owner' ? 0 : 1);
  return people.toSorted(
    (a, b) =>
      (a.turn ?? last) - (b.turn ?? last) ||
      rank(a) - rank(b) ||
      a.createdAt.getTime() - b.createdAt.getTime() ||
      (a.userId < b.userId ? -1 : 1),
  );
}

/**
 * Who is told as soon as there is something to tell. Of an urgent call that goes round: whoever hears of every call, and
 * the first in the order; the others when it is their turn.
 *
 * @param people in the order in which urgent calls go round.
 */
export function toldAtOnce(
  people: readonly Listener[],
  { urgent, goesRound }: { readonly urgent: boolean; readonly goesRound: boolean },
): readonly Told[] {
  if (!urgent) return people.map((person) => told(person, 'all')).filter(isTold);
  const first = people.find((person) => isTold(told(person, 'urgent')));
  return people
    .filter((person) => !goesRound || person === first || isTold(told(person, 'all')))
    .map((person) => told(person, 'urgent'))
    .filter(isTold);
}

/**
 * Who comes next: of those who were told least often the first in the order.
 *
 * @param people in the order in which urgent calls go round.
 * @param times how often each was told of this call.
 * @returns `null` where everybody was told as often as it goes round, or nobody wants to hear of urgent calls.
 */
export function nextInTurn(people: readonly Listener[], times: ReadonlyMap<string, number>): Told | null {
  const listening = people.map((person) => told(person, 'urgent')).filter(isTold);
  const least = Math.min(...listening.map(({ userId }) => times.get(userId) ?? 0));
  if (least >= MOST_ROUNDS) return null;
  return listening.find(({ userId }) => (times.get(userId) ?? 0) === least) ?? null;
}

/** The ways by which somebody hears of what is `about`. */
const told = (person: Listener, about: 'all' | 'urgent'): Told => ({
  userId: person.userId,
  ways: TELL_WAYS.filter((way) => person[way] === 'all' || person[way] === about),
});
const isTold = ({ ways }: Told): boolean => ways.length > 0;
