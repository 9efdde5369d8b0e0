/**
 * The door for Twilio. A request is Twilio's by its signature over our own address, or it is nobody's. A signed voice
 * webhook always gets 200 and something to say, within 1.5 seconds, whatever of ours is slow or broken.
 */
import { after, type NextRequest } from 'next/server';
import { reportOddCallback } from '@/lib/calls/report-odd-callback';
import { reportOddFields } from '@/lib/calls/report-odd-fields';
import { reportUnknownNumber } from '@/lib/calls/report-unknown-number';
import type { WebhookRequest } from '@/lib/calls/webhook-request';
import { runJobs } from '@/lib/jobs/run-jobs';
import { breaker } from '@/lib/platform/breaker';
import { newId, now } from '@/lib/platform/clock';
import { isOfDatabase } from '@/lib/platform/db';
import { enterAsSystem, enterByCall, enterByCallBriefly } from '@/lib/platform/enter';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { hasWanted, inRequest } from '@/lib/platform/request-id';
import { isSignedByTwilio, toTwiml, virtualNow } from '@/lib/platform/twilio';
import type { Brief, Line, System, Visit } from '@/lib/platform/visit';
import { type CallEvent, readCallEvent } from '@/lib/rules/call-event';
import { fallbackAnswer, unknownNumberAnswer } from '@/lib/rules/call-flow';
import type { Instruction } from '@/lib/rules/instructions';
import { readBody } from './body';
import { originOf } from './origin';
import { tellOfUnopened } from './unopened';

const budget = 1_500;
/** Five callers who waited for a database that is away are enough: the next three seconds' callers do not wait at all. */
const withDatabase = breaker({ failures: 5, restMs: 3_000 });
const largestUnsigned = 64 * 1024;
const largest = 1024 * 1024;

/**
 * A voice webhook: answers with what the caller hears next. Where nobody owns the number called, an apology; where we are
 * slow or broken, what the rules can say without any data of ours.
 */
export function voice(spec: {
  readonly webhook: Parameters<typeof readCallEvent>[0];
  readonly run: (visit: Brief<Line>, request: WebhookRequest, event: CallEvent) => Promise<readonly Instruction[]>;
}) {
  return numbered(async (incoming) => {
    const received = await receive(incoming);
    if (received instanceof Response) return received;
    const { request, at } = received;
    const event = readCallEvent(spec.webhook, request.query, request.fields);
    // The person rung hears a leg of its own, which calls their number; the business is that of the call it belongs to.
    const isOnOtherLeg = event.kind === 'picks_up';
    /** Of ours, so that it says nothing about the database: it must not keep other businesses' callers from it. */
    let mistake: unknown;
    const run = async (visit: Brief<Line>) => {
      try {
        await reportOddFields(visit, request);
        return await spec.run(visit, request, event);
      } catch (error) {
        if (!isOfDatabase(error)) mistake = error;
        throw error;
      }
    };
    const callSid = isOnOtherLeg ? (request.fields.ParentCallSid ?? '') : request.callSid;
    const called = isOnOtherLeg ? null : calledOf(request);
    const enter = () => enterByCallBriefly(callSid, originOf(incoming.headers), at, run, { called });
    try {
      if (!isCallSid(request.callSid) || !isCallSid(callSid)) throw new Error('a voice request without a call');
      const answer = await withDatabase(
        () => withinBudget(enter()),
        (error) => error !== mistake,
      );
      if (answer) {
        runWanted();
        return twiml(answer);
      }
    } catch (error) {
      log.error({ event: 'webhook.fell_back', route: route(incoming), callSid: request.callSid, error });
      after(() => tellOfUnopened(error)); // the caller is waiting
      return twiml(fallbackAnswer(event));
    }
    log.warn({ event: 'webhook.unknown', route: route(incoming), callSid: request.callSid });
    if (isOnOtherLeg) return twiml(fallbackAnswer(event));
    after(() => report(at, (visit) => reportUnknownNumber(visit, request.callSid, calledOf(request))));
    return twiml(unknownNumberAnswer());
  });
}

/** A callback: tells us something and wants no answer. */
export function callback(spec: { readonly run: (visit: Visit<Line>, request: WebhookRequest) => Promise<void> }) {
  return numbered(async (incoming) => {
    const received = await receive(incoming);
    if (received instanceof Response) return received;
    const { request, at } = received;
    const run = async (visit: Visit<Line>) => {
      await reportOddFields(visit, request);
      await spec.run(visit, request);
      return true;
    };
    try {
      const known =
        isCallSid(request.callSid) &&
        (await enterByCall(request.callSid, originOf(incoming.headers), at, run, { called: calledOf(request) }));
      if (known) runWanted();
      else {
        log.warn({ event: 'webhook.unknown', route: route(incoming), callSid: request.callSid });
        if (isCallSid(request.callSid)) after(() => report(at, (visit) => reportOddCallback(visit, request)));
      }
    } catch (error) {
      log.error({ event: 'webhook.failed', route: route(incoming), callSid: request.callSid, error });
      after(() => tellOfUnopened(error));
      return plain(503, 'Try again later.');
    }
    return new Response(null, { status: 204 });
  });
}

/** Runs what the request wanted, behind its answer; most want nothing. */
export function runWanted(): void {
  if (hasWanted()) after(runJobs);
}

/** A request with an id of its own, which its lines in the log have, and those of the jobs that it wants. */
export const numbered = (answer: (incoming: NextRequest) => Promise<Response>) => (incoming: NextRequest) =>
  inRequest(newId(), () => answer(incoming));

/** Reads, measures and verifies. What is not Twilio's leaves one log line and no row. */
export async function receive(incoming: NextRequest): Promise<{ request: WebhookRequest; at: Date } | Response> {
  const signature = incoming.headers.get('x-twilio-signature') ?? '';
  const body = await readBody(incoming, signature ? largest : largestUnsigned);
  if (body === null) return plain(413, 'Too large.');
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
  const fields = Object.fromEntries(Object.entries(given).map(([name, [first = '']]) => [name, first]));
  const request = { callSid: fields.CallSid ?? '', fields, query: incoming.nextUrl.searchParams };
  log.info({ event: 'webhook.taken', route: route(incoming), callSid: request.callSid });
  return { request, at: virtualNow(incoming.headers.get('x-aftercallpro-clock'), signature) ?? now() };
}

/** Fields with all their values. In time that grows with the body and no faster: this runs before the signature is checked. */
function fieldsOf(body: Buffer): Record<string, readonly string[]> {
  const fields: Record<string, string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const values = fields[name];
    if (values) values.push(value);
    else fields[name] = [value];
  }
  return fields;
}

/** Tells the operator of what belongs to no business, behind the answer. */
async function report(at: Date, want: (visit: Visit<System>) => Promise<void>): Promise<void> {
  try {
    await enterAsSystem(at, want);
  } catch (error) {
    log.error({ event: 'webhook.report_failed', error });
  }
  await runJobs();
}

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
/** The number called, where it is one: Twilio also calls `sip:` and `client:`. */
const calledOf = ({ fields: { To = '' } }: WebhookRequest) => (/^\+[1-9]\d{1,14}$/.test(To) ? To : null);
export const route = (incoming: NextRequest) => incoming.nextUrl.pathname;
const twiml = (instructions: readonly Instruction[]) =>
  new Response(toTwiml(instructions), {
    headers: { 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-store' },
  });
export const plain = (status: number, text: string) =>
  new Response(`${text}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
