/** The second factor: time-based codes (RFC 6238) and, for who has lost the telephone, recovery codes. */
import type { Limit } from './limits';

/** A code is good for its own step of so many seconds and for one step to each side, as clocks differ (ASVS V6.5.5). */
export const stepSeconds = 30;

export const recoveryCodeCount = 10;

/** After the right password the code may take so long. */
export const pendingMinutes = 10;

/**
 * Codes that may be tried for one account in a day, right ones too. The lock after five failures is lifted by a mail; this
 * limit by nothing, so that whoever reads somebody's mail still cannot guess on: 30 of a million, three good at a time.
 */
export const codesPerAccount: Limit = { name: 'second-factor', tries: 30, seconds: 86_400 };

/** Crockford's base 32: no I, L, O or U, which are taken for others. */
export const recoveryAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const recoveryLength = 16;

/** What somebody typed: six digits of the app, a recovery code in the form that is hashed, or neither. */
export type TypedCode = { readonly kind: 'app' | 'recovery'; readonly code: string };

/** Reads a code as people type it: spaces and hyphens anywhere, small letters, O for 0, I and L for 1. */
export function readTypedCode(text: string): TypedCode | null {
  const bare = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  if (/^[0-9]{6}$/.test(bare)) return { kind: 'app', code: bare };
  const code = bare.replaceAll('O', '0').replace(/[IL]/g, '1');
  const isRecovery = code.length === recoveryLength && [...code].every((letter) => recoveryAlphabet.includes(letter));
  return isRecovery ? { kind: 'recovery', code } : null;
}

/** In groups of four, as it is shown: `7K2M-9QXA-B3CD-E5FG`. */
export const inGroups = (code: string, between = '-'): string => (code.match(/.{1,4}/g) ?? []).join(between);
