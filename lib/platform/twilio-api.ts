/**
 * The parts of Twilio's REST API that we use. Addresses are built from ids alone: one that a request brought along is
 * never called, and no redirect is followed, or a forged callback could send our password to another host.
 */

import { z } from 'zod';
import { now } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { secondsAsked } from '@/lib/rules/retries';

/** Twilio refused, or sent something else than what it should: `code` says what, in one word. */
export class TwilioError extends Error {
  override name = 'TwilioError';
  /** @param waitSeconds how long Twilio asked us to stay away. */
  constructor(
    readonly code: string,
    readonly waitSeconds = 0,
  ) {
    super('the request to Twilio failed');
  }
}

/** What an answer that is none we can use says: its status, and for how long to stay away. */
export const refusal = ({ status, headers }: Response) =>
  new TwilioError(`status_${status}`, secondsAsked(headers.get('retry-after'), now()));

/** An hour of Twilio's WAV is 58 MB; our messages last two minutes. */
const LARGEST_RECORDING = 32 * 1024 * 1024;
const WAV_TYPES = new Set(['audio/x-wav', 'audio/wav', 'audio/wave', 'audio/vnd.wave']);

/**
 * A recording's audio as a WAV file, at most 32 MiB of it, within a minute.
 *
 * @throws TwilioError where it is not there (yet), or is no audio; in the stream where it is too large or was cut short.
 */
export async function recordingMedia(recordingSid: string): Promise<ReadableStream<Uint8Array>> {
  const response = await request('GET', 'Recordings', recordingSid, 'wav', 60_000);
  const refuse = async (error: TwilioError): Promise<never> => {
    await response.body?.cancel();
    throw error;
  };
  if (response.status !== 200) return refuse(refusal(response));
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!WAV_TYPES.has(type)) return refuse(new TwilioError('wrong_type'));
  const announced = response.headers.get('content-length');
  if (Number(announced ?? 0) > LARGEST_RECORDING) return refuse(new TwilioError('too_large'));
  if (response.body === null) throw new TwilioError('empty');
  return response.body.pipeThrough(measured(announced === null ? null : Number(announced)));
}

type Resource = 'Calls' | 'Recordings' | 'Transcriptions';

/** Deletes what Twilio still has; what it no longer has is deleted. */
export async function deleteAtTwilio(resource: Resource, sid: string): Promise<void> {
  const response = await request('DELETE', resource, sid, 'json', 20_000);
  await response.body?.cancel();
  if (!response.ok && response.status !== 404) throw refusal(response);
}

/**
 * How Twilio says that our account is: `active`, or what else.
 *
 * @throws TwilioError `status_401` where the token is not the account's.
 */
export async function accountStatus(): Promise<string> {
  const { status } = accountBody.parse(await answered('.json'));
  return status;
}

/** A number of the account, and what it calls: a method and an address, such as `POST https://…`. */
export type TwilioNumber = {
  /** E.164. */
  readonly number: string;
  readonly voice: string;
  readonly status: string;
  readonly texts: string;
  readonly hasFallback: boolean;
};

/** The numbers of the account, the first thousand of them. */
export async function incomingNumbers(): Promise<readonly TwilioNumber[]> {
  const { incoming_phone_numbers: numbers } = numbersBody.parse(
    await answered('/IncomingPhoneNumbers.json?PageSize=1000'),
  );
  return numbers.map((found) => ({
    number: found.phone_number,
    voice: `${found.voice_method} ${found.voice_url}`,
    status: `${found.status_callback_method} ${found.status_callback}`,
    texts: `${found.sms_method} ${found.sms_url}`,
    hasFallback: Boolean(found.voice_fallback_url),
  }));
}

const accountBody = z.object({ status: z.string() });
const numbersBody = z.object({
  incoming_phone_numbers: z.array(
    z.object({
      phone_number: z.string(),
      voice_url: z.string().nullable(),
      voice_method: z.string().nullable(),
      status_callback: z.string().nullable(),
      status_callback_method: z.string().nullable(),
      sms_url: z.string().nullish(),
      sms_method: z.string().nullish(),
      voice_fallback_url: z.string().nullable(),
    }),
  ),
});

/**
 * What Twilio answers to a question below the account's address.
 *
 * @throws TwilioError where it refuses.
 */
export async function answered(path: string): Promise<unknown> {
  const response = await ask('GET', path, 20_000);
  if (response.ok) return response.json();
  await response.body?.cancel();
  throw refusal(response);
}

function request(
  method: 'GET' | 'DELETE',
  resource: Resource,
  sid: string,
  format: 'wav' | 'json',
  patience: number,
): Promise<Response> {
  if (!/^[A-Z]{2}[0-9a-f]{32}$/.test(sid)) throw new TwilioError('not_an_id');
  return ask(method, `/${resource}/${sid}.${format}`, patience);
}

/**
 * Asks with the first token, and where Twilio no longer takes it with the second: while one is changed for the other, the
 * moment of the change is Twilio's.
 *
 * @param path what follows the account's address.
 * @param form what is sent with it.
 */
export async function ask(method: Method, path: string, patience: number, form?: Form): Promise<Response> {
  const [first, second] = env().TWILIO_AUTH_TOKEN;
  const response = await askWith(first, method, path, patience, form);
  if (response.status !== 401 || second === undefined) return response;
  await response.body?.cancel();
  return askWith(second, method, path, patience, form);
}

type Method = 'GET' | 'DELETE' | 'POST';
type Form = Readonly<Record<string, string>>;

function askWith(token: string, method: Method, path: string, patience: number, form?: Form): Promise<Response> {
  const { TWILIO_API_BASE_URL, TWILIO_ACCOUNT_SID } = env();
  const account = `${TWILIO_API_BASE_URL}/2010-04-01/Accounts/${TWILIO_ACCOUNT_SID}`;
  const password = Buffer.from(`${TWILIO_ACCOUNT_SID}:${token}`).toString('base64');
  return fetch(`${account}${path}`, {
    method,
    ...(form && { body: new URLSearchParams(form) }),
    // Not compressed: a small answer must not unpack into a large one, and the length announced is the length that counts.
    headers: { Authorization: `Basic ${password}`, 'Accept-Encoding': 'identity' },
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(patience),
  });
}

function measured(announced: number | null): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > LARGEST_RECORDING) throw new TwilioError('too_large');
      controller.enqueue(chunk);
    },
    flush() {
      if (announced !== null && size !== announced) throw new TwilioError('cut_short');
    },
  });
}
