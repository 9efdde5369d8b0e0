/** Understands what a caller says or presses at the menu. */

/** What the menu offers. */
export type Choice = 'message' | 'appointment' | 'hours' | 'emergency';

const KEYS: Readonly<Record<Choice, string>> = { message: '1', appointment: '2', hours: '3', emergency: '4' };

const CHOICES: readonly Choice[] = ['message', 'appointment', 'hours', 'emergency'];

/** Numbers count only when nothing else is said than these and a number: "option two please". */
const NUMBERS: Readonly<Record<Choice, readonly string[]>> = {
  message: ['1', 'one', 'won'],
  appointment: ['2', 'two', 'too', 'to'],
  hours: ['3', 'three'],
  emergency: ['4', 'four', 'for'],
};
const FILLERS = new Set(
  'um uh okay i id ill want like take choose select press push go with the option number please'.split(' '),
);

/**
 * Words that mean a choice, asked in this order: an emergency comes before everything; who says "message" knows what
 * they want; "what time can I come in" asks for an appointment, not for the hours; and who wants a person, when nobody is
 * there, is best served with a message. Apostrophes are left out.
 */
const WORDS: readonly (readonly [Choice, readonly string[]])[] = [
  [
    'emergency',
    ['emergency', 'emergencies', 'urgent', 'urgently', 'on call', 'right away', 'cant wait', 'cannot wait'],
  ],
  ['emergency', ['bleeding', 'cant breathe', 'cannot breathe', 'chest pain', 'unconscious', 'on fire']],
  ['emergency', ['gas leak', 'smell gas', 'burst', 'flooding', 'flooded']],
  [
    'message',
    ['message', 'messages', 'voicemail', 'voice mail', 'callback', 'call back', 'call me back', 'get back to me'],
  ],
  [
    'appointment',
    ['appointment', 'appointments', 'book', 'booking', 'schedule', 'scheduling', 'reschedule', 'reservation'],
  ],
  ['appointment', ['consultation', 'checkup', 'check up', 'visit', 'slot', 'available', 'availability', 'openings']],
  [
    'appointment',
    ['an opening', 'any opening', 'come in', 'come by', 'come over', 'fit me in', 'squeeze me in', 'to see'],
  ],
  ['hours', ['hours', 'hour', 'open', 'opening', 'close', 'closed', 'closing', 'what time', 'what times', 'what days']],
  ['hours', ['how late', 'how early']],
  ['message', ['speak', 'talk', 'operator', 'receptionist', 'representative', 'person', 'someone', 'somebody']],
];

/** "This is not an emergency", "I don't want to leave a message": how many words on a negation still reaches. */
const NEGATIONS = new Set(['not', 'isnt', 'wasnt', 'dont', 'doesnt', 'never', 'non']);
const REACH: Readonly<Record<Choice, number>> = { message: 5, appointment: 5, hours: 3, emergency: 3 };
/** These reach the next word only: "no emergency", but "no it's an emergency". */
const CLOSE_NEGATIONS = new Set(['no', 'nothing']);

/** For speech recognition: what it should expect to hear. */
export const MENU_HINTS: readonly string[] = [
  ...CHOICES,
  'leave a message',
  'book an appointment',
  'opening hours',
  'one',
  'two',
  'three',
  'four',
];

export type Understood = { readonly choice: Choice; readonly by: 'key' | 'speech' };

/** The choice that a key or some words mean; null when there is none. A key beats words. Takes any text. */
export function understand({
  digits,
  speech,
}: {
  readonly digits: string;
  readonly speech: string;
}): Understood | null {
  const pressed = CHOICES.find((choice) => KEYS[choice] === digits);
  if (pressed !== undefined) return { choice: pressed, by: 'key' };
  const said = choiceOfWords(speech);
  return said === null ? null : { choice: said, by: 'speech' };
}

function choiceOfWords(speech: string): Choice | null {
  const clauses = speech
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/\bnot sure\b/g, ' ')
    .split(/[.,;:!?]+/)
    .map((clause) => clause.split(/[^a-z0-9]+/).filter((word) => word !== ''));
  const told = clauses.flat().filter((word) => !FILLERS.has(word));
  const number = CHOICES.find((choice) => told.length === 1 && NUMBERS[choice].includes(told[0] ?? ''));
  if (number !== undefined) return number;
  const meant = WORDS.find(([choice, phrases]) =>
    phrases.some((phrase) => clauses.some((c) => means(c, phrase, choice))),
  );
  return meant?.[0] ?? null;
}

/** Whether a clause holds a phrase, word for word, that no negation turns around. */
function means(clause: readonly string[], phrase: string, choice: Choice): boolean {
  const words = phrase.split(' ');
  return clause.some((_, start) => {
    if (!words.every((word, offset) => clause[start + offset] === word)) return false;
    const before = clause.slice(Math.max(0, start - REACH[choice]), start);
    return !before.some((word) => NEGATIONS.has(word)) && !CLOSE_NEGATIONS.has(before[before.length - 1] ?? '');
  });
}
