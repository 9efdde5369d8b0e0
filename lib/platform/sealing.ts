/**
 * Sealing: the columns that the data map calls sealed are ciphertext in the database, and open only in the place they
 * were sealed for.
 *
 * A sealed value is `1 | key id (4) | nonce (12) | ciphertext | tag (16)`, AES-256-GCM (NIST SP 800-38D). Business, table,
 * column, row and key id are authenticated with it, so a value that is copied elsewhere does not open. Nothing here ever
 * falls back to plain text.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Prisma } from '@/lib/generated/prisma/client';
import { type Key, keyRing } from '@/lib/platform/keys';
import { type AddressKind, type Model, type SealedColumn, sealedColumns } from '@/lib/rules/data-map';

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
const nonceAt = 5;
const bodyAt = nonceAt + 12;
const tagLength = 16;
const globalBusiness = '00000000-0000-0000-0000-000000000000';

/** A value that cannot be opened here: which column, which key and why, never what. */
export class SealError extends Error {
  override name = 'SealError';
  constructor(
    message: string,
    /** The id of the key that the value asks for; null where it is no sealed value. */
    readonly keyId: string | null,
  ) {
    super(message);
  }
}
/** The key that a value was sealed with is not in `ENCRYPTION_KEY`. */
export class MissingKey extends SealError {
  override name = 'MissingKey';
}

type Place = { readonly id: string; readonly businessId?: string | null };

/** A list in JSON, of words that have nothing to escape. */
const additional = (model: Model, column: string, { id, businessId }: Place, key: Key) =>
  Buffer.from(`["${businessId ?? globalBusiness}","${model}","${column}","${id}","${key.name}"]`);

const nonceLength = bodyAt - nonceAt;
let drawn = Buffer.alloc(0);

/** Each twelve bytes once. Drawn by the hundred: to ask for twelve takes as long as to encrypt a phone number. */
function newNonce(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(nonceLength * 128);
  const nonce = drawn.subarray(0, nonceLength);
  drawn = drawn.subarray(nonceLength);
  return nonce;
}

/** The id of the key that a value was sealed with. */
export const keyOf = (value: Uint8Array): string => Buffer.from(value.subarray(1, nonceAt)).toString('hex');

/** Seals one value, for what works on any table; where the table is known, `seal` knows its columns. */
export function sealValue(model: Model, column: string, place: Place, text: string): Bytes {
  const { first: key } = keyRing();
  const nonce = newNonce();
  const cipher = createCipheriv('aes-256-gcm', key.seal, nonce, { authTagLength: tagLength });
  cipher.setAAD(additional(model, column, place, key));
  const body = cipher.update(text, 'utf8');
  cipher.final();
  const value = new Uint8Array(bodyAt + body.length + tagLength);
  value[0] = version;
  value.set(key.id, 1);
  value.set(nonce, nonceAt);
  value.set(body, bodyAt);
  value.set(cipher.getAuthTag(), bodyAt + body.length);
  return value;
}

/** Opens one value, for what works on any table. Throws as `open` does. */
export function openValue(model: Model, column: string, place: Place, bytes: Uint8Array): string {
  if (bytes.length < bodyAt + tagLength || bytes[0] !== version)
    throw new SealError(`${model}.${column} is not sealed`, null);
  const name = keyOf(bytes);
  const key = keyRing().all.find((one) => one.name === name);
  if (!key) throw new MissingKey(`${model}.${column} needs key ${name}, which is not in ENCRYPTION_KEY`, name);
  const nonce = bytes.subarray(nonceAt, bodyAt);
  // Without authTagLength Node would accept a tag of four bytes.
  const decipher = createDecipheriv('aes-256-gcm', key.seal, nonce, { authTagLength: tagLength });
  decipher.setAAD(additional(model, column, place, key)).setAuthTag(bytes.subarray(-tagLength));
  const body = decipher.update(bytes.subarray(bodyAt, -tagLength));
  try {
    decipher.final();
  } catch {
    throw new SealError(`${model}.${column} does not open here: it was changed, or sealed for another place`, name);
  }
  return body.toString('utf8');
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
 * @throws SealError when a value was changed or moved here from another row, column or business; MissingKey when its key
 *   is gone.
 */
export function open<M extends Model, R extends Home<M> & ColumnsIn<M, Bytes | null>>(model: M, row: R): Opened<M, R> {
  const out: Record<string, unknown> = { ...row };
  for (const column of sealedColumns(model)) {
    const value = out[column];
    if (value instanceof Uint8Array) out[column] = openValue(model, column, row, value);
  }
  return out as Opened<M, R>;
}

/** A blind index, as it stands in its two columns: the same twice, but while keys are being changed. */
export type BlindIndex = { readonly a: Bytes; readonly b: Bytes };

/**
 * The blind index of an address: `1 | HMAC-SHA-256`, by which a sealed phone number (E.164) or e-mail is found without
 * being opened. E-mails are compared without regard to case and in Unicode's composed form.
 *
 * Written with `indexColumns`, looked up with `hasIndex`: every row has the index of the oldest key, and those that were
 * written or filled since a new one came have both (docs/decisions/021-keys.md).
 */
export function blindIndex(kind: AddressKind, value: string): BlindIndex {
  const text = kind === 'email' ? value.normalize('NFC').toLowerCase() : value;
  const made = ({ index }: Key): Bytes =>
    Uint8Array.from([version, ...createHmac('sha256', index).update(`${kind}\0${text}`).digest()]);
  const { a, b } = keyRing().index;
  const inA = made(a);
  return { a: inA, b: b === a ? inA : made(b) };
}

/** Both columns of an index, to write: `indexColumns('emailIndex', index)`. */
export function indexColumns<C extends string, I extends BlindIndex | null>(
  column: C,
  index: I,
): { readonly [F in C | `${C}B`]: I extends null ? Bytes | null : Bytes } {
  return { [column]: index?.a ?? null, [`${column}B`]: index?.b ?? null } as ReturnType<typeof indexColumns<C, I>>;
}

/** The condition for a row to have this index: `where: hasIndex('emailIndex', index)`. */
export const hasIndex = <C extends string>(column: C, { a, b }: BlindIndex) =>
  ({ OR: [{ [column]: a }, { [`${column}B`]: b }] }) as {
    OR: ({ [F in C]: Bytes } | { [F in `${C}B`]: Bytes })[];
  };

export const isSameIndex = (one: BlindIndex, other: BlindIndex): boolean =>
  Buffer.from(one.a).equals(other.a) || Buffer.from(one.b).equals(other.b);

/** An index as it is written down in the trail, where nothing is changed later: under every key by which it is found now. */
export function indexWords({ a, b }: BlindIndex): string | readonly string[] {
  const [inA, inB] = [Buffer.from(a).toString('hex'), Buffer.from(b).toString('hex')];
  return inA === inB ? inA : [inA, inB];
}
