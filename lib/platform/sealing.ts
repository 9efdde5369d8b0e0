/**
 * Sealing: the columns that the data map calls sealed are ciphertext in the database, and open only in the place they
 * were sealed for.
 *
 * A sealed value is `1 | key id (4) | nonce (12) | ciphertext | tag (16)`, AES-256-GCM (NIST SP 800-38D). Keys come from
 * `ENCRYPTION_KEY` by HKDF (RFC 5869). Business, table, column, row and key id are authenticated with it, so a value
 * that is copied elsewhere does not open. Nothing here ever falls back to plain text.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Prisma } from '@/lib/generated/prisma/client';
import { env } from '@/lib/platform/env';
import { type Model, type SealedColumn, sealedColumns } from '@/lib/rules/data-map';

type Bytes = Prisma.Bytes;
type Scalars<M extends Model> = Prisma.TypeMap['model'][M]['payload']['scalars'];

/** What says where a row lives: its id, and its business where the table belongs to businesses. */
export type Home<M extends Model> = 'businessId' extends keyof Scalars<M>
  ? { readonly id: string; readonly businessId: string }
  : { readonly id: string };

type ColumnsIn<M extends Model, V> = { readonly [F in SealedColumn<M>]?: V };
export type Sealed<M extends Model, R> = {
  [F in keyof R]: F extends SealedColumn<M> ? (null extends R[F] ? Bytes | null : Bytes) : R[F];
};
export type Opened<M extends Model, R> = {
  [F in keyof R]: F extends SealedColumn<M> ? (null extends R[F] ? string | null : string) : R[F];
};

const version = 1;
const overhead = 1 + 4 + 12 + 16;
const globalBusiness = '00000000-0000-0000-0000-000000000000';

/** A value that cannot be opened here: which column, and why, never what. */
export class SealError extends Error {
  override name = 'SealError';
}

type Key = { readonly id: Buffer; readonly seal: Buffer; readonly index: Buffer };

const derive = (secret: Buffer, purpose: string, length: number) =>
  Buffer.from(hkdfSync('sha256', secret, '', `aftercallpro ${purpose}`, length));

const keyFrom = (text: string): Key => {
  const secret = Buffer.from(text, 'base64url');
  return { id: derive(secret, 'key id', 4), seal: derive(secret, 'seal', 32), index: derive(secret, 'index', 32) };
};

let ring: readonly [Key, ...Key[]] | undefined;
const keys = () => {
  if (!ring) {
    const [first, ...rest] = env().ENCRYPTION_KEY;
    ring = [keyFrom(first), ...rest.map(keyFrom)];
  }
  return ring;
};

const place = (model: Model, column: string, home: { id: string; businessId?: string }, keyId: Buffer) =>
  Buffer.from(JSON.stringify([home.businessId ?? globalBusiness, model, column, home.id, keyId.toString('hex')]));

function sealValue(model: Model, column: string, home: { id: string; businessId?: string }, text: string): Bytes {
  const [key] = keys();
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.seal, nonce, { authTagLength: 16 });
  cipher.setAAD(place(model, column, home, key.id));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Uint8Array.from(Buffer.concat([Uint8Array.of(version), key.id, nonce, body, cipher.getAuthTag()]));
}

function openValue(model: Model, column: string, home: { id: string; businessId?: string }, bytes: Uint8Array): string {
  const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (value.length < overhead || value[0] !== version) throw new SealError(`${model}.${column} is not sealed`);
  const id = value.subarray(1, 5);
  const key = keys().find((candidate) => candidate.id.equals(id));
  if (!key) throw new SealError(`${model}.${column} needs key ${id.toString('hex')}, which is not in ENCRYPTION_KEY`);
  // Without authTagLength Node would accept a tag of four bytes.
  const decipher = createDecipheriv('aes-256-gcm', key.seal, value.subarray(5, 17), { authTagLength: 16 });
  decipher.setAAD(place(model, column, home, id)).setAuthTag(value.subarray(-16));
  try {
    return Buffer.concat([decipher.update(value.subarray(17, -16)), decipher.final()]).toString('utf8');
  } catch {
    throw new SealError(`${model}.${column} does not open here: it was changed, or sealed for another place`);
  }
}

/**
 * Seals the columns of a row that the data map calls sealed; the others pass as they are. The row says where it will
 * live. A `null` stays `null`.
 */
export function seal<M extends Model, R extends Home<M> & ColumnsIn<M, string | null>>(model: M, row: R): Sealed<M, R> {
  const out: Record<string, unknown> = { ...row };
  for (const column of sealedColumns(model)) {
    const value = out[column];
    if (typeof value === 'string') out[column] = sealValue(model, column, row, value);
  }
  return out as Sealed<M, R>;
}

/**
 * Opens the sealed columns of a row that was read, its id (and business) among what was selected.
 *
 * @throws SealError when a value was changed, moved here from another row, column or business, or its key is missing.
 */
export function open<M extends Model, R extends Home<M> & ColumnsIn<M, Bytes | null>>(model: M, row: R): Opened<M, R> {
  const out: Record<string, unknown> = { ...row };
  for (const column of sealedColumns(model)) {
    const value = out[column];
    if (value instanceof Uint8Array) out[column] = openValue(model, column, row, value);
  }
  return out as Opened<M, R>;
}

/**
 * The blind index of an address: `1 | HMAC-SHA-256`, by which a sealed phone number (E.164) or e-mail is found without
 * being opened. E-mails are compared without regard to case and in Unicode's composed form.
 *
 * Made with the last key of `ENCRYPTION_KEY`, the oldest: a new key put in front must not make everybody unknown.
 */
export function blindIndex(kind: 'phone' | 'email', value: string): Bytes {
  const key = keys().at(-1) ?? keys()[0];
  const text = kind === 'email' ? value.normalize('NFC').toLowerCase() : value;
  const code = createHmac('sha256', key.index).update(`${kind}\0${text}`).digest();
  return Uint8Array.from([version, ...code]);
}
