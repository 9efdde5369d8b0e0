/**
 * The check against robots: ALTCHA's proof of work, with nobody else involved. A challenge is signed and not stored; what
 * is stored is that it was used (lib/accounts/sign-in/pass-captcha.ts).
 */
import { hkdfSync, randomInt } from 'node:crypto';
import { type Challenge, createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import { env } from '@/lib/platform/env';
import { captchaMinutes, captchaWork } from '@/lib/rules/captcha';

const key = (purpose: string) =>
  Buffer.from(hkdfSync('sha256', env().SECRET_KEY, '', `aftercallpro captcha ${purpose}`, 32)).toString('hex');
const secrets = () => ({ hmacSignatureSecret: key('challenge'), hmacKeySignatureSecret: key('solution') });

/** @param counter after how many keys the browser is there; a test knows it beforehand and need not work. */
export function makeChallenge(
  now: Date,
  counter = randomInt(captchaWork.fewest, captchaWork.most + 1),
): Promise<Challenge> {
  return createChallenge({
    algorithm: captchaWork.algorithm,
    cost: captchaWork.rounds,
    counter,
    expiresAt: new Date(now.getTime() + captchaMinutes * 60_000),
    deriveKey,
    ...secrets(),
  });
}

const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));
/** What the browser sends: the challenge as it was, and the solution. */
const payload = z.object({
  challenge: z.object({
    parameters: z.strictObject({
      algorithm: z.literal(captchaWork.algorithm),
      cost: z.literal(captchaWork.rounds),
      expiresAt: z.int().positive(),
      keyLength: z.literal(32),
      keyPrefix: hex(32),
      keySignature: hex(64),
      nonce: hex(32),
      salt: hex(32),
    }),
    signature: hex(64),
  }),
  solution: z.object({ counter: z.int().nonnegative(), derivedKey: hex(64) }),
});

/** A challenge that was solved. Whoever takes it must see to it that it is used once. */
export type Solved = { readonly id: string; readonly expiresAt: Date };

/** What `text` (Base64 of JSON) proves; `null` where it is no solution of a challenge of ours that is still good. */
export async function solvedBy(text: string, now: Date): Promise<Solved | null> {
  const parsed = payload.safeParse(jsonIn(text));
  if (!parsed.success) return null;
  const { challenge, solution } = parsed.data;
  const expiresAt = new Date(challenge.parameters.expiresAt * 1000);
  if (expiresAt <= now) return null;
  const { verified } = await verifySolution({ challenge, solution, deriveKey, ...secrets() });
  return verified ? { id: challenge.parameters.nonce, expiresAt } : null;
}

function jsonIn(text: string): unknown {
  if (text.length > 4_000) return null;
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return null;
  }
}
