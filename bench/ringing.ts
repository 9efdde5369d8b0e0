/** Calls that begin, as Twilio tells of them, as many at a time as are wanted and quickly: for measuring who answers. */
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { newId } from '@/lib/platform/clock';

/** Milliseconds that each answer took, ascending, and how long all of them did. */
export type Rung = { readonly each: readonly number[]; readonly whole: number };

/**
 * Rings `to` at the voice webhook of `origin`. The requests are made and signed beforehand.
 *
 * @throws where an answer is no TwiML.
 */
export async function ringMany(origin: string, to: string, calls: number, atOnce: number): Promise<Rung> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const rings = Array.from({ length: calls }, () => newRing(origin, to));
  const each: number[] = [];
  const begun = performance.now();
  const line = async () => {
    for (let ring = rings.pop(); ring; ring = rings.pop()) {
      const from = performance.now();
      await send(ring, agent);
      each.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  const whole = performance.now() - begun;
  agent.destroy();
  return { each: each.toSorted((a, b) => a - b), whole };
}

/** Rings until somebody answers: a process that was just started listens soon. */
export async function untilAnswered(origin: string, to: string): Promise<void> {
  for (;;) {
    try {
      return await ringOnce(origin, to);
    } catch (error) {
      if (Object(error).code !== 'ECONNREFUSED') throw error;
      await pause(5);
    }
  }
}

/** One call's first request. Rejects where nobody listens. */
export const ringOnce = (origin: string, to: string): Promise<void> => send(newRing(origin, to));

type Ring = { readonly url: string; readonly headers: Record<string, string>; readonly body: string };

function newRing(origin: string, to: string): Ring {
  const url = `${origin}/api/twilio/voice`;
  const fields = fieldsOf(to);
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'X-Twilio-Signature': getExpectedTwilioSignature(process.env.TWILIO_AUTH_TOKEN ?? '', url, fields),
  };
  return { url, headers, body: new URLSearchParams(fields).toString() };
}

const send = ({ url, headers, body }: Ring, agent?: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        response.statusCode === 200 && text.includes('<Response>') && text.includes('<Say')
          ? resolve()
          : reject(new Error(`no TwiML, but ${response.statusCode}`)),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

let callers = 0;

function fieldsOf(to: string): Record<string, string> {
  const from = `+1415${String(5_550_000 + (callers++ % 10_000))}`;
  const place = { City: 'SAN FRANCISCO', State: 'CA', Zip: '94105', Country: 'US' };
  const places = ['From', 'Caller', 'To', 'Called'].flatMap((end) =>
    Object.entries(place).map(([what, text]) => [`${end}${what}`, text] as const),
  );
  return {
    ...Object.fromEntries(places),
    CallSid: `CA${newId().replaceAll('-', '')}`,
    AccountSid: process.env.TWILIO_ACCOUNT_SID ?? '',
    From: from,
    Caller: from,
    To: to,
    Called: to,
    CallStatus: 'ringing',
    ApiVersion: '2010-04-01',
    Direction: 'inbound',
    StirVerstat: 'TN-Validation-Passed-A',
  };
}
