/**
 * The form in which the duty list is typed: fields `people.<n>.name` and `people.<n>.number`, `ringSeconds`, and
 * `ringWhileOpen` and `emergency`, which are `on` or absent. Rows that were left blank are no rows.
 */
import type { CountryCode } from 'libphonenumber-js/min';
import type { DutyPerson } from './call';
import { type FormErrors, type FormValues, rowsUnder } from './form-rows';
import { isSameNumber, toE164 } from './phone-number';

/** Longest name of a person on duty, in characters. */
const LONGEST_NAME = 80;
/** Longest duty list. */
const MOST_PEOPLE = 20;
/** Seconds that a telephone may ring. */
const SHORTEST_RING = 5;
const LONGEST_RING = 60;

export type DutyList = {
  readonly people: readonly DutyPerson[];
  readonly ringWhileOpen: boolean;
  readonly emergency: boolean;
  readonly ringSeconds: number;
};

/**
 * Reads the form. Numbers without a country code are read as ones of `country`; `calledNumber` (E.164) is the one that
 * callers dial. The list can be stored when there are no errors.
 */
export function parsePeopleForm(
  values: FormValues,
  { calledNumber, country }: { readonly calledNumber: string | null; readonly country: CountryCode },
): { readonly list: DutyList; readonly errors: FormErrors } {
  const errors: Record<string, string> = {};
  const people: DutyPerson[] = [];
  for (const n of rowsUnder(values, 'people')) {
    const name = (values[`people.${n}.name`] ?? '').trim();
    const typed = (values[`people.${n}.number`] ?? '').trim();
    if (name === '' && typed === '') continue;
    if (name === '') errors[`people.${n}.name`] = 'Say who this is.';
    else if (name.length > LONGEST_NAME) errors[`people.${n}.name`] = `At most ${LONGEST_NAME} characters.`;
    const number = toE164(typed, country);
    const wrong = problemWithNumber(number, people, calledNumber);
    if (wrong !== null) errors[`people.${n}.number`] = wrong;
    if (people.length === MOST_PEOPLE) errors[`people.${n}.name`] ??= `There can be at most ${MOST_PEOPLE} people.`;
    people.push({ name, number: number ?? typed });
  }
  const seconds = (values.ringSeconds ?? '').trim();
  const ringSeconds = /^\d{1,3}$/.test(seconds) ? Number(seconds) : Number.NaN;
  if (!(ringSeconds >= SHORTEST_RING && ringSeconds <= LONGEST_RING)) {
    errors.ringSeconds = `Choose between ${SHORTEST_RING} and ${LONGEST_RING} seconds.`;
  }
  const list = {
    people,
    ringSeconds,
    ringWhileOpen: values.ringWhileOpen === 'on',
    emergency: values.emergency === 'on',
  };
  return { list, errors };
}

function problemWithNumber(
  number: string | null,
  before: readonly DutyPerson[],
  calledNumber: string | null,
): string | null {
  if (number === null)
    return 'This is no telephone number we can ring. Write it with its country code: +1 415 555 0132.';
  if (calledNumber !== null && isSameNumber(number, calledNumber)) {
    return 'This is the number your callers dial. Ringing it would call this line again, so choose another.';
  }
  return before.some((person) => isSameNumber(person.number, number)) ? 'This number is on the list already.' : null;
}
