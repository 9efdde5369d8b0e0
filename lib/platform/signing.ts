/**
 * Ed25519 signatures (RFC 8032) with the keys of `AUDIT_SIGNING_KEY`. The first signs; all of them verify, also those
 * that are public keys.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { env } from '@/lib/platform/env';

/** The first key is a public one: this machine can verify and not sign. */
export class CannotSign extends Error {
  override name = 'CannotSign';
}

type Key = { readonly id: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject | null };

const privateLength = 48; // PKCS #8; a public key is 44 bytes of SPKI (RFC 8410)

function readKey(text: string): Key {
  const der = Buffer.from(text, 'base64');
  const privateKey = der.length === privateLength ? createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) : null;
  const publicKey = privateKey
    ? createPublicKey(privateKey)
    : createPublicKey({ key: der, format: 'der', type: 'spki' });
  const id = createHash('sha256').update(spki(publicKey)).digest('hex').slice(0, 16);
  return { id, publicKey, privateKey };
}

const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });

let ring: readonly Key[] | undefined;
const keys = (): readonly Key[] => {
  ring ??= env().AUDIT_SIGNING_KEY.map(readKey);
  return ring;
};

/**
 * The key that signs.
 *
 * @throws CannotSign where the first key of `AUDIT_SIGNING_KEY` is a public one.
 */
export function signingKey(): { readonly id: string; readonly sign: (text: string) => string } {
  const [first] = keys();
  if (!first?.privateKey)
    throw new CannotSign('AUDIT_SIGNING_KEY begins with a public key: it can verify, and not sign');
  const { id, privateKey } = first;
  return { id, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64') };
}

export const hasKey = (keyId: string): boolean => keys().some(({ id }) => id === keyId);

/** Whether one of our keys, by its id, signed this text. */
export function isSignedBy(keyId: string, text: string, signature: string): boolean {
  const key = keys().find(({ id }) => id === keyId);
  return key !== undefined && verify(null, Buffer.from(text), key.publicKey, Buffer.from(signature, 'base64'));
}

/** Every key's public half, as `AUDIT_SIGNING_KEY` takes it on a machine that only verifies; the one that signs first. */
export const publicKeys = (): readonly string[] => keys().map(({ publicKey }) => spki(publicKey).toString('base64'));
