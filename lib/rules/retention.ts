/**
 * How long things are kept, and what becomes of them then. The data map says which column ends with which period; here
 * stands how long each is, what a business may choose instead, and from which moment on something is over.
 */
import { dataMap, type Model } from './data-map';
import { deviceDays } from './lockout';

/** Days, as promised on the privacy page. */
export const KEPT_DAYS = { recording: 30, transcript: 90, metadata: 365, audit: 730, backup: 30 } as const;
export type Period = keyof typeof KEPT_DAYS;

/** What a business may choose for itself: fewer days at will, more where a law that it names asks for them. */
export const CHOSEN_PERIODS = ['recording', 'transcript', 'metadata'] as const satisfies Period[];
export type ChosenPeriod = (typeof CHOSEN_PERIODS)[number];

/** A month's bill can be understood, and a day's calls can be called back. */
export const FEWEST_DAYS: Readonly<Record<ChosenPeriod, number>> = { recording: 1, transcript: 1, metadata: 30 };
export const MOST_DAYS = 3650;

/** What a business chose; null where it keeps to the promise. */
export type RetentionPolicy = Readonly<Record<ChosenPeriod, number | null>> & { readonly basis: string | null };

export const daysKept = (policy: RetentionPolicy, period: ChosenPeriod): number => policy[period] ?? KEPT_DAYS[period];

/** The periods that are longer than promised, for which a law has to be named. */
export const longerThanPromised = (policy: RetentionPolicy): readonly ChosenPeriod[] =>
  CHOSEN_PERIODS.filter((period) => daysKept(policy, period) > KEPT_DAYS[period]);

/** What is wrong with a choice, by field, in sentences; nothing where it can be kept to. */
export function policyProblems(policy: RetentionPolicy): Readonly<Partial<Record<ChosenPeriod | 'basis', string>>> {
  const problems: Partial<Record<ChosenPeriod | 'basis', string>> = {};
  for (const period of CHOSEN_PERIODS) {
    const days = daysKept(policy, period);
    if (!Number.isInteger(days) || days < FEWEST_DAYS[period] || days > MOST_DAYS)
      problems[period] = `Write a whole number of days from ${FEWEST_DAYS[period]} to ${MOST_DAYS}.`;
    else if (days > daysKept(policy, 'metadata'))
      problems[period] = 'What a caller said cannot be kept longer than the call itself. Keep the call longer, too.';
  }
  if (longerThanPromised(policy).length > 0 && !isBasis(policy.basis))
    problems.basis = 'Name the law that asks you to keep it longer, such as “45 CFR 164.316(b)(2)”.';
  return problems;
}

const isBasis = (text: string | null): boolean => text !== null && text.trim().length >= 3 && text.trim().length <= 200;

const DAY_MS = 86_400_000;

/** What is from before this moment is over. A day is 24 hours: what was promised in days is not shorter in spring. */
export const overBefore = (days: number, moment: Date): Date => new Date(moment.getTime() - days * DAY_MS);

/** Two clocks that differ by more than this are not both clocks. */
export const MOST_CLOCK_DIFFERENCE_MS = 6 * 3_600_000;

/**
 * The moment that counts where something is to be deleted, of two clocks that may be wrong: the earlier one. As long as
 * one of them is not fast, nothing goes early; where both are, nothing goes earlier than the slower of the two is fast.
 *
 * @returns `null` where they are so far apart that nothing should be deleted before somebody has looked.
 */
export function momentOf(ours: Date, theirs: Date): Date | null {
  const apart = Math.abs(ours.getTime() - theirs.getTime());
  return apart > MOST_CLOCK_DIFFERENCE_MS ? null : ours < theirs ? ours : theirs;
}

/** What a period does to the rows of a model: they go, or columns of them do (`blank`, `coarsen`, `renew`). */
export type Ending =
  | { readonly goes: true }
  | { readonly goes: false; readonly columns: Readonly<Record<string, Change>> };
type Change = 'blank' | 'coarsen' | 'renew';

/** Read from the data map: what ends with this period, in this model. `null` where nothing does. */
export function endingOf(model: Model, period: ChosenPeriod): Ending | null {
  const rules = Object.entries(dataMap[model]).flatMap(([column, rule]) =>
    isPlain(rule) ? [{ column, ...rule }] : [],
  );
  const ending = rules.filter(({ keep, erase }) => keep === period && erase !== 'keep');
  if (ending.length === 0) return null;
  if (ending.some(({ erase }) => erase === 'delete-row')) return { goes: true };
  return { goes: false, columns: Object.fromEntries(ending.map(({ column, erase }) => [column, erase as Change])) };
}

type PlainRule = { readonly keep: string; readonly erase: string };
const isPlain = (rule: object): rule is PlainRule => 'keep' in rule;

/**
 * Rows with a clock of their own (`row` on the data map): the column it runs from, and the days they stay after that. What
 * belongs to a session, a link or a sign-up that is over is kept as long as somebody may still ask what became of it.
 */
export const ROWS_KEPT = {
  SignUp: { from: 'expiresAt', days: 0 },
  EmailChange: { from: 'expiresAt', days: 0 },
  OneTimeToken: { from: 'expiresAt', days: 1 },
  MobileNumber: { from: 'expiresAt', days: 1 }, // one that was shown to be theirs has no such time
  PendingSignIn: { from: 'expiresAt', days: 1 },
  SpentChallenge: { from: 'expiresAt', days: 1 },
  Session: { from: 'expiresAt', days: 7 },
  KnownDevice: { from: 'lastSeenAt', days: deviceDays },
  UnknownSignIn: { from: 'updatedAt', days: 1 },
  NetworkFailure: { from: 'lastFailedAt', days: 1 },
} as const satisfies { readonly [M in Model]?: { readonly from: keyof (typeof dataMap)[M]; readonly days: number } };

/** Jobs that are done, and those that were given up, which somebody may want to look into. */
export const JOBS_KEPT = { done: 7, dead: 21 } as const;

/** Rows of a business with a clock of their own. */
export const BUSINESS_ROWS_KEPT = {
  Invitation: { from: 'expiresAt', days: 30 },
  AccessGrant: { from: 'expiresAt', days: KEPT_DAYS.audit },
  OptOut: { from: 'endedAt', days: 5 * 365 + 1 },
  // Numbers change hands: what was said of one holds for a year.
  KnownCaller: { from: 'markedAt', days: KEPT_DAYS.metadata },
  UsageNotice: { from: 'noticedAt', days: KEPT_DAYS.metadata },
} as const satisfies { readonly [M in Model]?: { readonly from: keyof (typeof dataMap)[M]; readonly days: number } };
