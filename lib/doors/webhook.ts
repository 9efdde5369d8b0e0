/**
 * The door for Twilio. A request is Twilio's by its signature over our own address, or it is nobody's. A signed voice
 * webhook always gets 200 and something to say, within 1.5 seconds, whatever of ours is slow or broken.
 */
import { after, type NextRequest } from 'next/server';
import { reportUnknownNumber } from '@/lib/calls/report-unknown-number';
import type { WebhookRequest } from '@/lib/calls/webhook-request';
import { runJobs } from '@/lib/jobs/run-jobs';
import { now } from '@/lib/platform/clock';
import { enterAsSystem, enterByCall, enterByPhone } from '@/lib/platform/enter';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { isSignedByTwilio, toTwiml, virtualNow } from '@/lib/platform/twilio';
import type { Line, Visit } from '@/lib/platform/visit';
import { type CallEvent, readCallEvent } from '@/lib/rules/call-event';
import { fallbackAnswer, unknownNumberAnswer } from '@/lib/rules/call-flow';
import type { Instruction } from '@/lib/rules/instructions';
import { originOf } from './origin';

const budget = 1_500;
const largestUnsigned = 64 * 1024;
const largest = 1024 * 1024;

type Entrance = 'by number called' | 'by call' | 'by parent call';

/**
 * A voice webhook: answers with what the caller hears next. Where nobody owns the number called, an apology; where we are
 * slow or broken, what the rules can say without any data of ours.
 */
export function voice(spec: {
  readonly webhook: Parameters<typeof readCallEvent>[0];
  readonly enter: Entrance;
  readonly run: (visit: Visit<Line>, request: WebhookRequest, event: CallEvent) => Promise<readonly Instruction[]>;
}) {
  return async function POST(incoming: NextRequest): Promise<Response> {
    const received = await receive(incoming);
    if (received instanceof Response) return received;
    const { request, at } = received;
    const event = readCallEvent(spec.webhook, request.query, request.fields);
    after(runJobs);
    try {
      if (!isCallSid(request.callSid)) throw new Error('a voice request without a call');
      const answer = await withinBudget(
        enter(spec.enter, incoming, request, at, (visit) => spec.run(visit, request, event)),
      );
      if (answer) return twiml(answer);
    } catch (error) {
      log.error({ event: 'webhook.fell_back', route: route(incoming), callSid: request.callSid, error });
      return twiml(fallbackAnswer(event));
    }
    log.warn({ event: 'webhook.unknown', route: route(incoming), callSid: request.callSid });
    if (spec.enter !== 'by number called') return twiml(fallbackAnswer(event));
    after(() => enterAsSystem(at, (visit) => reportUnknownNumber(visit, request)).catch(logReportFailed));
    return twiml(unknownNumberAnswer());
  };
}

/** A callback: tells us something and wants no answer. */
export function callback(spec: {
  readonly enter: Entrance;
  readonly run: (visit: Visit<Line>, request: WebhookRequest) => Promise<void>;
}) {
  return async function POST(incoming: NextRequest): Promise<Response> {
    const received = await receive(incoming);
    if (received instanceof Response) return received;
    const { request, at } = received;
    try {
      const known = await enter(spec.enter, incoming, request, at, async (visit) => {
        await spec.run(visit, request);
        return true;
      });
      if (!known) log.warn({ event: 'webhook.unknown', route: route(incoming), callSid: request.callSid });
    } catch (error) {
      log.error({ event: 'webhook.failed', route: route(incoming), callSid: request.callSid, error });
      return plain(503, 'Try again later.');
    }
    after(runJobs);
    return new Response(null, { status: 204 });
  };
}

/** Reads, measures and verifies. What is not Twilio's leaves one log line and no row. */
async function receive(incoming: NextRequest): Promise<{ request: WebhookRequest; at: Date } | Response> {
  const body = await read(incoming, largest);
  if (body === null) return plain(413, 'Too large.');
  const signature = incoming.headers.get('x-twilio-signature') ?? '';
  const { pathname, search } = incoming.nextUrl;
  const given = fieldsOf(body);
  // The address we are known by, never a header: whoever can set `Host` must not choose what is signed.
  const url = `${env().APP_URL}${pathname}${search}`;
  if (!isSignedByTwilio({ url, signature, fields: given }, env().TWILIO_AUTH_TOKEN)) {
    if (body.length > largestUnsigned) return plain(413, 'Too large.');
    log.warn({
      event: 'webhook.denied',
      route: route(incoming),
      reason: signature ? 'wrong-signature' : 'no-signature',
    });
    return plain(403, 'Not signed by Twilio.');
  }
  const fields = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value].flat()[0] ?? '']));
  const request = { callSid: fields.CallSid ?? '', fields, query: incoming.nextUrl.searchParams };
  return { request, at: virtualNow(incoming.headers.get('x-aftercallpro-clock'), signature) ?? now() };
}

async function read(incoming: NextRequest, most: number): Promise<Buffer | null> {
  if (Number(incoming.headers.get('content-length') ?? 0) > most) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming.body ?? []) {
    size += chunk.byteLength;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function fieldsOf(body: Buffer): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

const enter = <T>(
  how: Entrance,
  incoming: NextRequest,
  request: WebhookRequest,
  at: Date,
  run: (visit: Visit<Line>) => Promise<T>,
): Promise<T | null> => {
  const origin = originOf(incoming.headers);
  if (how === 'by call') return enterByCall(request.callSid, origin, at, run);
  if (how === 'by parent call') return enterByCall(request.fields.ParentCallSid ?? '', origin, at, run);
  return enterByPhone(request.fields.To ?? '', origin, at, run);
};

async function withinBudget<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('over budget')), budget);
  });
  work.catch(() => undefined); // when it loses the race, its failure is nobody's any more
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const isCallSid = (text: string) => /^CA[0-9a-f]{32}$/.test(text);
const logReportFailed = (error: unknown) => log.error({ event: 'webhook.report_failed', error });
const route = (incoming: NextRequest) => incoming.nextUrl.pathname;
const twiml = (instructions: readonly Instruction[]) =>
  new Response(toTwiml(instructions), {
    headers: { 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-store' },
  });
const plain = (status: number, text: string) =>
  new Response(`${text}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
