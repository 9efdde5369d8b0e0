/** Requests as Twilio signs them, made by hand: to send what no telephone network would. */
import { createHmac } from 'node:crypto';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';

export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** What Twilio says with every request of a call. */
export const callFields = (callSid: string, to: string, more: Fields = {}): Fields => ({
  CallSid: callSid,
  AccountSid: process.env.TWILIO_ACCOUNT_SID ?? '',
  From: '+14155550123',
  To: to,
  CallStatus: 'in-progress',
  ApiVersion: '2010-04-01',
  Direction: 'inbound',
  ...more,
});

/** Fields as a form: a field with several values stands there several times. */
export function formOf(fields: Fields): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, String(one));
  return form.toString();
}

/** Headers of a signed request to an address, with one of the tokens; `at` is the network's own time. */
export function signedHeaders(url: string, fields: Fields, { token = '', at }: { token?: string; at?: Date } = {}) {
  const authToken = process.env.TWILIO_AUTH_TOKEN ?? '';
  const signature = getExpectedTwilioSignature(token || authToken, url, { ...fields });
  const time = at?.toISOString();
  const code = createHmac('sha256', authToken).update(`${time}|${signature}`).digest('hex');
  return {
    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'X-Twilio-Signature': signature,
    ...(time && { 'X-AfterCallPro-Clock': `${time};${code}` }),
  };
}

/** Sends a signed webhook to the application at `appUrl`. */
export function sendSigned(
  appUrl: string,
  path: string,
  fields: Fields,
  options: { token?: string; at?: Date } = {},
): Promise<Response> {
  const url = `${appUrl}${path}`;
  return fetch(url, { method: 'POST', headers: signedHeaders(url, fields, options), body: formOf(fields) });
}
