/** Texts, by Twilio's REST API. It knows no key that makes a text sent twice one text, so a text can be looked for. */
import { z } from 'zod';
import { ask, refusal, TwilioError } from './twilio-api';

/** Twilio will not send this text, however often it is asked: `errorCode` is its own. */
export class TextRefused extends Error {
  override name = 'TextRefused';
  constructor(readonly errorCode: number) {
    super('Twilio refused a text');
  }
}

/** `from` and `to` in E.164, `from` a number of the account's. */
export type OutgoingText = { readonly from: string; readonly to: string; readonly body: string };

const PATIENCE = 20_000;
const message = z.object({ sid: z.string().regex(/^(?:SM|MM)[0-9a-f]{32}$/) });
const errorBody = z.object({ code: z.number().int() });

/**
 * Hands a text to Twilio.
 *
 * @param statusCallback the address that hears what becomes of it.
 * @returns its id there.
 * @throws TextRefused; TwilioError, after which it may have been taken or not.
 */
export async function sendText({ from, to, body }: OutgoingText, statusCallback?: string): Promise<string> {
  const form = { From: from, To: to, Body: body, ...(statusCallback && { StatusCallback: statusCallback }) };
  const response = await ask('POST', '/Messages.json', PATIENCE, form);
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return message.parse(answer).sid;
  const said = errorBody.safeParse(answer);
  // 400 speaks of this text. Everything else, a wrong password included, of the moment or of us.
  if (response.status === 400 && said.success) throw new TextRefused(said.data.code);
  throw refusal(response);
}

/** Newest first; of two numbers there is seldom more than one text an hour. */
const LOOKED_THROUGH = 100;
const found = z.object({ messages: z.array(message.extend({ body: z.string().nullable() })) });

/** The id of a text that Twilio has from us already; `null` where it has none. */
export async function findText({ from, to, body }: OutgoingText): Promise<string | null> {
  const query = new URLSearchParams({ From: from, To: to, PageSize: String(LOOKED_THROUGH) });
  const response = await ask('GET', `/Messages.json?${query}`, PATIENCE);
  if (!response.ok) return refuse(response);
  const { messages } = found.parse(await response.json());
  return messages.find((one) => one.body === body)?.sid ?? null;
}

const state = z.object({ status: z.string(), error_code: z.number().int().nullable() });

/** What became of a text, in Twilio's words. */
export async function textStatus(sid: string): Promise<{ readonly status: string; readonly errorCode: number | null }> {
  if (!/^(?:SM|MM)[0-9a-f]{32}$/.test(sid)) throw new TwilioError('not_an_id');
  const response = await ask('GET', `/Messages/${sid}.json`, PATIENCE);
  if (!response.ok) return refuse(response);
  const { status, error_code: errorCode } = state.parse(await response.json());
  return { status, errorCode };
}

async function refuse(response: Response): Promise<never> {
  await response.body?.cancel();
  throw refusal(response);
}
