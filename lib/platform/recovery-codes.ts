/** Recovery codes: 80 random bits each, of which only argon2id hashes are kept (ASVS V6.5.2, V6.5.4). */
import { randomBytes } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { recoveryAlphabet, recoveryCodeCount } from '@/lib/rules/second-factor';

export type RecoverySet = {
  /** To be shown once. */
  readonly codes: readonly string[];
  /** In hexadecimal, as they are kept. */
  readonly salt: string;
  readonly hashes: readonly string[];
};

export async function newRecoveryCodes(): Promise<RecoverySet> {
  const codes = Array.from({ length: recoveryCodeCount }, newCode);
  const salt = randomBytes(16).toString('hex');
  return { codes, salt, hashes: await Promise.all(codes.map((code) => hashRecoveryCode(code, salt))) };
}

/** @param code as `readTypedCode` gives it. */
export async function hashRecoveryCode(code: string, salt: string): Promise<string> {
  const options = { salt: Buffer.from(salt, 'hex'), memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
  return (await hashRaw(code, options)).toString('hex');
}

/** Sixteen letters of five bits; of a byte the lower five are as random as the byte. */
const newCode = (): string => Array.from(randomBytes(16), (byte) => recoveryAlphabet[byte & 31]).join('');
