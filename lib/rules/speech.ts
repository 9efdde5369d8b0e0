/**
 * Every sentence a caller (or the person a call is passed to) hears, in one place.
 *
 * Written for a text-to-speech voice and a stressed listener: short sentences, no abbreviations that a voice spells out
 * wrongly, no brackets, no dashes. A second language is a second object of type `Phrases`.
 */

/** Longest text of an owner that is read to a caller, in characters. About a minute of speech; Twilio's limit is 4096. */
export const LONGEST_SPOKEN_TEXT = 1000;

/** Shifts of a day in minutes after midnight; none means closed. */
type Shifts = readonly (readonly [opens: number, closes: number])[];

/** Consecutive ISO weekdays (Monday 1) that have the same hours. */
export type DaysAlike = { readonly days: readonly number[]; readonly shifts: Shifts };

/** One coming day that differs from the weekly hours. */
export type ComingException = {
  readonly daysAhead: number;
  readonly weekday: number;
  readonly month: number;
  readonly day: number;
  readonly shifts: Shifts;
  readonly reason: string;
};

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const en = {
  /** BCP 47 tag, for the voice and for speech recognition. */
  language: 'en-US',

  greeting: (name: string) => (name === '' ? 'Thank you for calling.' : `Thank you for calling ${name}.`),
  because: {
    closed: 'We are closed right now.',
    nobody_free: 'Sorry, nobody is free to take your call right now.',
    over_limit: 'Sorry, nobody can take your call right now.',
  },
  notice: 'If you leave a message, it will be recorded.',

  menu: {
    message: 'To leave a message, say message, or press 1.',
    appointment: 'To book an appointment, say appointment, or press 2.',
    hours: 'To hear our hours, say hours, or press 3.',
    emergency: 'In an emergency, say emergency, or press 4.',
  },
  notUnderstood: 'Sorry, I did not catch that.',
  heardNothing: 'Sorry, I did not hear anything.',

  message: 'After the tone, please say your name, your number, and how we can help.',
  appointment:
    'After the tone, please say your name, your number, and the day and time you would like. We will call you back to confirm.',
  urgent:
    'Your message will be marked as urgent. After the tone, please say your name, your number, and what happened.',
  howToFinish: 'When you are done, press the pound key, or just hang up.',
  lead: {
    in_any_case: 'Let me take a message for you.',
    no_more_hours: 'That is all I know about our hours. Let me take a message for you.',
    in_danger: 'If anyone is in danger, please hang up and call the emergency services.',
    nobody_on_call: 'Sorry, I could not reach anyone.',
  },
  nothingRecorded: 'Sorry, I did not hear a message. Please speak after the tone.',

  ringingOnCall: 'Please stay on the line. I am calling the person on call.',
  ringingNext: 'Please stay on the line. I am trying the next person.',

  thanks: {
    message: 'Thank you. We have your message, and we will get back to you. Goodbye.',
    appointment: 'Thank you. We have your request, and we will call you back to confirm. Goodbye.',
    urgent: 'Thank you. We have your urgent message, and we are passing it on now. Goodbye.',
  },
  goodbye: 'Thank you for calling. Goodbye.',
  goodbyeWithoutMessage: 'I did not get a message. Please call again when you can. Goodbye.',
  unknownNumber: 'Sorry, this number is not in service right now. Please check the number and try again. Goodbye.',

  whisper: (name: string, urgent: boolean) => {
    const call = urgent ? 'An urgent call' : 'A call';
    return name === '' ? `${call} for you.` : `${call} for ${name}.`;
  },
  pressToTake: 'To take it, press 1.',
  connecting: 'Connecting you now.',
  notTaken: 'All right. We will not connect this call. Goodbye.',

  /** Regular hours and the exceptions of the coming week as sentences. */
  hours: (week: readonly DaysAlike[], exceptions: readonly ComingException[]): string => {
    const sentences = [regularHours(week), ...(isOpenAtAll(week) ? [closedDays(week)] : [])];
    for (const exception of exceptions) {
      const when = [dayAheadInWords(exception), exception.reason].filter((part) => part !== '').join(', ');
      const what = exception.shifts.length === 0 ? 'we are closed' : `we are open ${shiftsInWords(exception.shifts)}`;
      sentences.push(`${when}, ${what}.`);
    }
    return sentences.filter((sentence) => sentence !== '').join(' ');
  },
};

/** What a language must be able to say. */
export type Phrases = typeof en;

export const phrases: { readonly en: Phrases } = { en };

/** A minute of the day as people say it: 540 → "9 am", 720 → "12 noon", 1440 → "midnight". */
export function timeInWords(minute: number): string {
  if (minute % 1440 === 0) return 'midnight';
  if (minute === 720) return '12 noon';
  const hour = Math.floor(minute / 60);
  const rest = minute % 60;
  const clock = rest === 0 ? `${hour % 12 || 12}` : `${hour % 12 || 12}:${String(rest).padStart(2, '0')}`;
  return `${clock} ${hour < 12 ? 'am' : 'pm'}`;
}

/** The English name of an ISO weekday. */
export function weekdayInWords(weekday: number): string {
  return WEEKDAYS[weekday - 1] ?? '';
}

/**
 * A text written by an owner, made fit for being spoken inside XML: control characters and halves of broken characters
 * gone, white space single, at most `LONGEST_SPOKEN_TEXT` characters, a full stop at the end. '' stays ''.
 */
export function speakable(text: string): string {
  const clean = [...text.slice(0, LONGEST_SPOKEN_TEXT)]
    .filter((character) => !/[\p{Surrogate}\uFFFE\uFFFF]/u.test(character))
    .join('')
    .replace(/\p{Control}/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return clean === '' || /[.!?…。]$/u.test(clean) ? clean : `${clean}.`;
}

function isOpenAtAll(week: readonly DaysAlike[]): boolean {
  return week.some(({ shifts }) => shifts.length > 0);
}

function regularHours(week: readonly DaysAlike[]): string {
  if (!isOpenAtAll(week)) return 'We have no regular opening hours.';
  const open = week.filter(({ shifts }) => shifts.length > 0);
  const parts = open.map(({ days, shifts }) => `${list(daysInWords(days))} ${shiftsInWords(shifts)}`);
  return `We are open ${parts.length === 2 ? parts.join(', and ') : list(parts)}.`;
}

function closedDays(week: readonly DaysAlike[]): string {
  const closed = week.filter(({ shifts }) => shifts.length === 0).flatMap(({ days }) => daysInWords(days));
  return closed.length === 0 ? '' : `We are closed on ${list(closed)}.`;
}

function shiftsInWords(shifts: Shifts): string {
  const only = shifts[0];
  if (shifts.length === 1 && only !== undefined && only[0] === 0 && only[1] === 1440) return 'around the clock';
  return list(shifts.map(([opens, closes]) => `from ${timeInWords(opens)} to ${timeInWords(closes)}`));
}

/** Consecutive days as the parts of a list: "Monday to Friday" is one, Saturday and Sunday are two. */
function daysInWords(days: readonly number[]): readonly string[] {
  if (days.length === 7) return ['every day'];
  const names = days.map(weekdayInWords);
  return days.length > 2 ? [`${names[0]} to ${names.at(-1)}`] : names;
}

function dayAheadInWords({ daysAhead, weekday, month, day }: ComingException): string {
  if (daysAhead === 0) return 'Today';
  if (daysAhead === 1) return 'Tomorrow';
  return `On ${weekdayInWords(weekday)}, ${MONTHS[month - 1] ?? ''} ${day}`;
}

function list(parts: readonly string[]): string {
  if (parts.length < 3) return parts.join(' and ');
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
}
