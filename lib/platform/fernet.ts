/**
 * Fernet tokens (https://github.com/fernet/spec), as the Flask system before this one sealed with. They are only opened:
 * what comes from there is sealed anew before it is stored, since a Fernet token opens in whatever row it is copied to.
 *
 * A token is `0x80 | time (8) | IV (16) | AES-128-CBC ciphertext | HMAC-SHA-256 (32)` in URL-safe base64 with its padding;
 * a key is 16 bytes to sign with and 16 to encrypt with.
 */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/** A token that no key opens, or that is none, or too old. It does not say which part was wrong: that would help to forge one. */
export class FernetError extends Error {
  override name = 'FernetError';
  constructor() {
    super('not a Fernet token that one of these keys opens');
  }
}

const version = 0x80;
const ivAt = 9;
const bodyAt = ivAt + 16;
const macLength = 32;
const blockLength = 16;
/** Seconds by which the clock that made a token may be ahead of ours (the specification's). */
const skew = 60;

/**
 * Opens a token with whichever key it was made with.
 *
 * @param keys each 32 bytes.
 * @param age where a token may be too old: the moment it is opened, and the seconds it is good for.
 * @throws FernetError
 */
export function openFernet(
  token: string,
  keys: readonly Buffer[],
  age?: { readonly at: Date; readonly seconds: number },
): string {
  const bytes = readBase64(token);
  const isWhole = bytes.length >= bodyAt + blockLength + macLength && bytes[0] === version;
  if (!isWhole || (bytes.length - bodyAt - macLength) % blockLength !== 0) throw new FernetError();
  if (age) refuseWrongAge(Number(bytes.readBigUInt64BE(1)), age);
  const [signed, mac] = [bytes.subarray(0, -macLength), bytes.subarray(-macLength)];
  for (const key of keys) {
    if (timingSafeEqual(createHmac('sha256', key.subarray(0, 16)).update(signed).digest(), mac))
      return decrypt(key.subarray(16), signed);
  }
  throw new FernetError();
}

function refuseWrongAge(made: number, { at, seconds }: { readonly at: Date; readonly seconds: number }): void {
  const now = Math.floor(at.getTime() / 1000);
  if (made + seconds < now || made > now + skew) throw new FernetError();
}

/** Only after the signature: padding that can be asked about opens a ciphertext byte by byte. */
function decrypt(key: Buffer, signed: Buffer): string {
  const decipher = createDecipheriv('aes-128-cbc', key, signed.subarray(ivAt, bodyAt));
  try {
    const plain = Buffer.concat([decipher.update(signed.subarray(bodyAt)), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    throw new FernetError();
  }
}

/** Node passes over what is not base64; a token is good in one spelling alone. */
function readBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  const written = bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  if (written !== text) throw new FernetError();
  return bytes;
}
