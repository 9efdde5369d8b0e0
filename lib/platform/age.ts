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
  // The library keeps its hold on a file whose head it cannot read. Read through here, it can be let go of.
  const reader = file.getReader();
  const through = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  try {
    return await decrypter.decrypt(through);
  } catch (error) {
    await reader.cancel(error);
    throw error;
  }
}
