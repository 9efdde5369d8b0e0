/** Passwords: argon2id with the parameters OWASP names as its first choice (m=19456, t=2, p=1). */
import { hash, verify } from '@node-rs/argon2';

// The library's algorithm is argon2id unless told otherwise; the database refuses any other hash.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What is typed is compared as typed, but for Unicode's two ways of writing one letter (NIST SP 800-63B §3.1.1.2). */
const normal = (password: string) => password.normalize('NFC');

export const hashPassword = (password: string): Promise<string> => hash(normal(password), options);

/** The hash of a password that nobody has: checked for an unknown address, so that it takes as long as a known one. */
let nobody: Promise<string> | undefined;

/** Whether the password belongs to the hash; with `null` for the hash it takes the same time and is always false. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  nobody ??= hashPassword('a password that nobody has');
  const matches = await verify(passwordHash ?? (await nobody), normal(password));
  return matches && passwordHash !== null;
}
