/**
 * Whether a text is one plain e-mail address that every mail server reads as the same address: no second one behind a
 * comma, no line break that begins a header, no quotes or comments in which parsers differ, no look-alike of `@` that
 * one of them would turn into one.
 */
export function isMailAddress(text: string): boolean {
  if (text.length > 254 || text.normalize('NFKC') !== text) return false;
  return /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)*$/u.test(text);
}
