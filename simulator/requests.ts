import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { isLoopback } from './loopback';
import type { Account, Call, Network } from './network';

export type Parameters = Readonly<Record<string, string>>;
export type Method = 'GET' | 'POST';
export type Endpoint = { readonly url: URL; readonly method: Method };
export type Reply = { readonly status: number; readonly contentType: string | null; readonly body: string };

/** Where a number is, as far as the carrier says; unknown parts are sent blank, as Twilio does. */
export type Place = {
  readonly city?: string;
  readonly state?: string;
  readonly zip?: string;
  readonly country?: string;
};

/** Twilio gives up after 15 seconds in all. */
const PATIENCE_MS = 15_000;

/**
 * Sends one webhook as Twilio would: its headers, its form encoding, its signature over the address and the
 * parameters, and the network's own time for a product that runs on this machine.
 * Rejects when the address is not on this machine or nothing answers there in time.
 */
export async function sendWebhook(
  network: Network,
  address: Endpoint,
  parameters: Parameters,
  at: Date,
): Promise<Reply> {
  const url = new URL(address.url);
  if (!isLoopback(url)) throw new Error(`${url.origin} is not on this machine`);
  const form = new URLSearchParams(parameters).toString();
  const posts = address.method === 'POST';
  if (!posts) url.search = [url.search.slice(1), form].filter((part) => part !== '').join('&');

  const { authToken } = network.account;
  const signature = getExpectedTwilioSignature(authToken, url.href, posts ? { ...parameters } : {});
  const headers: Record<string, string> = {
    Accept: '*/*',
    'Accept-Encoding': 'gzip',
    'I-Twilio-Idempotency-Token': network.random.uuid(),
    'User-Agent': 'TwilioProxy/1.1',
    'X-Home-Region': 'us1',
    'X-Twilio-Signature': signature,
    'X-AfterCallPro-Clock': clockHeader(network.account, at, signature),
  };
  if (posts) {
    headers['Content-Type'] = 'application/x-www-form-urlencoded; charset=UTF-8';
    headers['Content-Length'] = String(Buffer.byteLength(form));
  }

  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // A connection of its own: a kept one may be closed by the product just as it is used again.
    const outgoing = request(url, {
      method: address.method,
      headers,
      agent: false,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    outgoing
      .on('response', resolve)
      .on('error', reject)
      .end(posts ? form : undefined);
  });
  const body = await bytesOf(response);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? null,
    body: (response.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'),
  };
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
    ...placeParameters(['To', 'Called'], call.to, {}),
    ...(call.parentSid === null ? {} : { ParentCallSid: call.parentSid }),
  };
}

/** Twilio takes the code of "ANONYMOUS" on the keypad for a number in Lesotho. */
const COUNTRIES: readonly (readonly [prefix: string, country: string])[] = [
  ['+1', 'US'],
  ['+266', 'LS'],
];

function placeParameters(names: readonly string[], number: string, place: Place): Parameters {
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
