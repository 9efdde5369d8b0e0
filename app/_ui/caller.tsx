import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A number as people write it: "+1 415 555 0132". What is no valid number is shown as it came. */
export function formatNumber(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

/** `number` in E.164. */
export function PhoneNumber({ number }: { number: string }) {
  return (
    <bdi dir="ltr" className="tabular-nums">
      {formatNumber(number)}
    </bdi>
  );
}

/** Who rang: `number` is null when it was withheld, `name` is null when nobody said it. */
export type Caller = { name: string | null; number: string | null };

/** The name where there is one, else the number, else that it was withheld. */
export function CallerName({ name, number }: Caller) {
  if (name !== null && name.trim() !== '') return <bdi>{name}</bdi>;
  return number === null ? 'Number withheld' : <PhoneNumber number={number} />;
}

/** The same as plain text, for names that only screen readers hear. */
export function callerText({ name, number }: Caller): string {
  if (name !== null && name.trim() !== '') return name;
  return number === null ? 'number withheld' : formatNumber(number);
}
