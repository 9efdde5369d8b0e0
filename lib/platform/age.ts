/**
 * age files (https://age-encryption.org/v1): what leaves the database is one, and opens with the standard `age` tool and
 * one of the identities in `STORAGE_AGE_IDENTITIES`. The first of them encrypts, all of them decrypt.
 */
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { env } from '@/lib/platform/env';

type Bytes = ReadableStream<Uint8Array>;

export async function encrypt(plain: Bytes): Promise<Bytes> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(env().STORAGE_AGE_IDENTITIES[0]));
  return encrypter.encrypt(plain);
}

/**
 * @throws when no identity opens the file. A file that was changed or cut short fails later, in the stream: nothing that
 * came out of it before is to be trusted until it has ended.
 */
export async function decrypt(file: Bytes): Promise<Bytes> {
  const decrypter = new Decrypter();
  for (const identity of env().STORAGE_AGE_IDENTITIES) decrypter.addIdentity(identity);
  return decrypter.decrypt(file);
}
