import { formatPhone } from '@/lib/rules/phone-number';

/** A number as people write it. What is no telephone number (`sip:ana@example.com`) is shown as it came. */
export function PhoneNumber({ number }: { number: string }) {
  return (
    <bdi dir="ltr" className="tabular-nums">
      {formatPhone(number)}
    </bdi>
  );
}

/**
 * Who rang: `number` in E.164, or as it came where it is none; null when withheld. `name` is null when nobody said it. Of an
 * anonymised call neither is known any more.
 */
export type Caller = { name: string | null; number: string | null; anonymised: boolean };

/** Where a tap on "Call back" leads; null when there is no telephone number to call. */
export function callBackLink({ number }: Omit<Caller, 'anonymised'>): string | null {
  return number !== null && /^\+\d+$/.test(number) ? `tel:${number}` : null;
}

/** Whether there is anything to see: a name of zero-width characters would leave a link without a text. */
export function isVisible(text: string | null): text is string {
  return text !== null && /[\p{Letter}\p{Number}\p{Punctuation}\p{Symbol}]/u.test(text);
}

/** The name where there is one, else the number, else that it was withheld. */
export function CallerName({ name, number, anonymised }: Caller) {
  if (anonymised) return 'No longer known';
  if (isVisible(name)) return <bdi>{name}</bdi>;
  return number === null ? 'Number withheld' : <PhoneNumber number={number} />;
}

/** The same as plain text, for names that only screen readers hear. */
export function callerText({ name, number }: Omit<Caller, 'anonymised'>): string {
  if (isVisible(name)) return name;
  return number === null ? 'number withheld' : formatPhone(number);
}
