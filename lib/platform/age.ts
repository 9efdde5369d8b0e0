/**
 * age files (https://age-encryption.org/v1): what leaves the database is one, and opens with the standard `age` tool.
 * Recordings and what else this process reads again are for the identities in `STORAGE_AGE_IDENTITIES`, of which the
 * first encrypts and all decrypt. Backups are for public keys whose private ones are not here.
 */
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { env } from '@/lib/platform/env';

type Bytes = ReadableStream<Uint8Array>;

export const encrypt = async (plain: Bytes): Promise<Bytes> =>
  encryptTo([await identityToRecipient(env().STORAGE_AGE_IDENTITIES[0])], plain);

/** Encrypts to public keys, whose private ones need not be here: any one of them opens the file. */
export async function encryptTo(recipients: readonly string[], plain: Bytes): Promise<Bytes> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

/**
 * @throws when no identity opens the file. A file that was changed or cut short fails later, in the stream: nothing that
 * came out of it before is to be trusted until it has ended.
 */
export const decrypt = (file: Bytes): Promise<Bytes> => decryptWith(env().STORAGE_AGE_IDENTITIES, file);

/** The same with identities that are not this process's own. */
export async function decryptWith(identities: readonly string[], file: Bytes): Promise<Bytes> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
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
