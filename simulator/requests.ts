import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { Endpoint } from './endpoint';
import { isLoopback } from './loopback';
import type { Account, Call, Network } from './network';

export type Parameters = Readonly<Record<string, string>>;
export type Reply = {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
  /** Where the answer came from, after all redirects. */
  readonly url: URL;
};

/** No usable way to an answer: not allowed or not understood, no connection, or sent round in circles. */
export class WebhookError extends Error {
  constructor(
    readonly code: 11200 | 11205 | 11215,
    message: string,
  ) {
    super(message);
  }
}

/** Where a number is, as far as the carrier says; unknown parts are sent blank, as Twilio does. */
export type Place = {
  readonly city?: string;
  readonly state?: string;
  readonly zip?: string;
  readonly country?: string;
};

/** Twilio gives up after 15 seconds in all, and after ten redirects. */
const PATIENCE_MS = 15_000;
const MOST_REDIRECTS = 10;

/**
 * Sends one webhook as Twilio would: its headers, its form encoding, its signature over the address and the
 * parameters, and the network's own time for a product that runs on this machine. `times` sends it more than once, all
 * at the same time.
 * Rejects with a WebhookError when the address is not on this machine or nothing answers there in time.
 */
export async function sendWebhook(
  network: Network,
  address: Endpoint,
  parameters: Parameters,
  at: Date,
  times = 1,
): Promise<readonly [Reply, ...Reply[]]> {
  const token = network.random.uuid();
  const sendOnce = () =>
    follow({ network, at, token, patience: AbortSignal.timeout(PATIENCE_MS) }, address, parameters);
  return Promise.all([sendOnce(), ...Array.from({ length: times - 1 }, sendOnce)]);
}

/** What every request of one webhook has in common. */
type Sending = {
  readonly network: Network;
  readonly at: Date;
  readonly token: string;
  readonly patience: AbortSignal;
};

/** Goes where it is sent on to, without the parameters, as Twilio does. */
async function follow(sending: Sending, address: Endpoint, parameters: Parameters): Promise<Reply> {
  let url = address.url;
  let response = await connect(sending, address, parameters);
  for (let redirects = 0; isRedirect(response); redirects++) {
    response.resume();
    if (redirects === MOST_REDIRECTS) throw new WebhookError(11215, `more than ${MOST_REDIRECTS} redirects`);
    url = new URL(response.headers.location, url);
    response = await connect(sending, { url, method: 'GET' }, {});
  }
  const body = await bytesOf(response).catch(failed);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? null,
    body: (response.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'),
    url,
  };
}

type Redirect = IncomingMessage & { readonly headers: { readonly location: string } };

function isRedirect(response: IncomingMessage): response is Redirect {
  const { statusCode = 0, headers } = response;
  return statusCode >= 300 && statusCode <= 399 && headers.location !== undefined;
}

/** Twilio tries once more where nobody took the connection, and only there. */
async function connect(sending: Sending, address: Endpoint, parameters: Parameters): Promise<IncomingMessage> {
  const attempt = () => exchange(sending, address, parameters);
  return attempt()
    .catch((error: NodeJS.ErrnoException) => (error.syscall === 'connect' ? attempt() : Promise.reject(error)))
    .catch(failed);
}

function failed(error: Error): never {
  throw error instanceof WebhookError ? error : new WebhookError(11205, error.message);
}

async function exchange(
  { network, at, token, patience }: Sending,
  address: Endpoint,
  parameters: Parameters,
): Promise<IncomingMessage> {
  const url = new URL(address.url);
  if (!isLoopback(url)) throw new WebhookError(11200, `${url.origin} is not on this machine`);
  const form = new URLSearchParams(parameters).toString();
  const posts = address.method === 'POST';
  if (!posts) url.search = [url.search.slice(1), form].filter((part) => part !== '').join('&');

  const { authToken } = network.account;
  const signature = getExpectedTwilioSignature(authToken, url.href, posts ? { ...parameters } : {});
  const headers: Record<string, string> = {
    Accept: '*/*',
    'Accept-Encoding': 'gzip',
    'I-Twilio-Idempotency-Token': token,
    'User-Agent': 'TwilioProxy/1.1',
    'X-Home-Region': 'us1',
    'X-Twilio-Signature': signature,
    'X-AfterCallPro-Clock': clockHeader(network.account, at, signature),
  };
  if (posts) {
    headers['Content-Type'] = 'application/x-www-form-urlencoded; charset=UTF-8';
    headers['Content-Length'] = String(Buffer.byteLength(form));
  }
  return new Promise((resolve, reject) => {
    // A connection of its own: a kept one may be closed by the product just as it is used again.
    const outgoing = request(url, { method: address.method, headers, agent: false, signal: patience });
    outgoing
      .on('response', resolve)
      .on('error', reject)
      .end(posts ? form : undefined);
  });
}

/** The network's time, tied to this one request by the signature, so that it cannot be sent again with another. */
function clockHeader(account: Account, at: Date, signature: string): string {
  const time = at.toISOString();
  return `${time};${createHmac('sha256', account.authToken).update(`${time}|${signature}`).digest('hex')}`;
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The parameters that accompany every voice request, the older duplicates (`Caller…`, `Called…`) included. */
export function standardParameters(network: Network, call: Call, fromPlace: Place = {}): Parameters {
  return {
    AccountSid: network.account.sid,
    ApiVersion: '2010-04-01',
    CallSid: call.sid,
    CallStatus: call.status,
    Direction: call.direction,
    From: call.from,
    Caller: call.from,
    To: call.to,
    Called: call.to,
    ...placeParameters(['From', 'Caller'], call.from, fromPlace),
    ...placeParameters(['To', 'Called'], call.to),
    ...(call.parentSid === null ? {} : { ParentCallSid: call.parentSid }),
  };
}

/** Twilio takes the code of "ANONYMOUS" on the keypad for a number in Lesotho. */
const COUNTRIES: readonly (readonly [prefix: string, country: string])[] = [
  ['+1', 'US'],
  ['+266', 'LS'],
];

/** Where a number is, under each of these names. */
export function placeParameters(names: readonly string[], number: string, place: Place = {}): Parameters {
  const country = place.country ?? COUNTRIES.find(([prefix]) => number.startsWith(prefix))?.[1] ?? '';
  return Object.fromEntries(
    names.flatMap((name) => [
      [`${name}City`, place.city ?? ''],
      [`${name}State`, place.state ?? ''],
      [`${name}Zip`, place.zip ?? ''],
      [`${name}Country`, country],
    ]),
  );
}

/** A date as Twilio writes it: RFC 2822, in Greenwich time. */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}
