/** Codes that change every 30 seconds (RFC 6238): SHA-1, six digits, what every authenticator app understands. */
import { generateSecret, generateURI, verifySync } from 'otplib';
import { stepSeconds } from '@/lib/rules/second-factor';

/** 160 random bits, in base 32. */
export const newTotpSecret = (): string => generateSecret({ length: 20 });

/** What an app reads from the picture: the secret, and whose it is. */
export const totpAddress = (secret: string, email: string): string =>
  generateURI({ issuer: 'AfterCallPro', label: email, secret, period: stepSeconds });

/**
 * The time step whose code this is: the present one, the one before or the one after.
 *
 * @param code six digits.
 * @returns `null` where it is none of the three.
 */
export function stepOfCode(secret: string, code: string, now: Date): number | null {
  const epoch = Math.floor(now.getTime() / 1000);
  const found = verifySync({ secret, token: code, epoch, period: stepSeconds, epochTolerance: stepSeconds });
  return found.valid && 'timeStep' in found ? found.timeStep : null;
}
