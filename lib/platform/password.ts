/** Passwords: argon2id with the parameters OWASP names as its first choice (m=19456, t=2, p=1). */
import { pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
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
  const [outer = '', inner] = (passwordHash ?? (await nobody)).split(innerMark);
  const matches = await verify(outer, inner === undefined ? normal(password) : await digest(password, inner));
  return matches && passwordHash !== null;
}

/** Between the hash of an old hash and the way in which that was made; argon2's own encoding has no such sign. */
const innerMark = '#';

/** Whether a hash was brought over, and is to be made anew once its password is known. */
export const isBroughtOver = (passwordHash: string): boolean => passwordHash.includes(innerMark);

/**
 * A hash of the system before this one (Werkzeug: `method$salt$hexadecimal digits`), hashed with argon2id, so that no
 * quicker hash than ours lies in the database.
 *
 * @returns null for what is no such hash.
 */
export async function bringOverHash(werkzeug: string): Promise<string | null> {
  const [, inner = '', digits = ''] = /^([a-z0-9:]+\$[^$#]+)\$([0-9a-f]+)$/.exec(werkzeug) ?? [];
  return wayOf(inner) === null ? null : `${await hash(digits, options)}${innerMark}${inner}`;
}

type Way =
  | { readonly kind: 'scrypt'; readonly N: number; readonly r: number; readonly p: number; readonly salt: string }
  | { readonly kind: 'pbkdf2'; readonly hash: string; readonly rounds: number; readonly salt: string };

/** `scrypt:32768:8:1$salt` or `pbkdf2:sha256:600000$salt`, as Werkzeug writes them; null for anything else. */
function wayOf(inner: string): Way | null {
  const [, N, r, p, scryptSalt] = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2})\$(.+)$/.exec(inner) ?? [];
  if (scryptSalt) return { kind: 'scrypt', N: Number(N), r: Number(r), p: Number(p), salt: scryptSalt };
  const [, name, rounds, salt] = /^pbkdf2:(sha256|sha512):(\d{1,7})\$(.+)$/.exec(inner) ?? [];
  return name && salt ? { kind: 'pbkdf2', hash: name, rounds: Number(rounds), salt } : null;
}

/** The old hash of a password, in hexadecimal digits. The old system hashed what was typed as it was typed. */
async function digest(password: string, inner: string): Promise<string> {
  const way = wayOf(inner);
  if (way === null) throw new Error('a hash that was brought over in a way that is not known');
  const made =
    way.kind === 'scrypt'
      ? await promisify<string, string, number, object, Buffer>(scrypt)(password, way.salt, 64, {
          ...way,
          maxmem: 132 * way.N * way.r * way.p,
        })
      : await promisify(pbkdf2)(password, way.salt, way.rounds, way.hash === 'sha512' ? 64 : 32, way.hash);
  return made.toString('hex');
}
