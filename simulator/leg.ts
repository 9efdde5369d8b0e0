import type { Teller } from './callbacks';
import type { Endpoint } from './endpoint';
import type { CallStatus, Ending } from './events';
import { strikes, type Webhook } from './faults';
import type { Call } from './network';
import { type Parameters, type Place, type Reply, sendWebhook, standardParameters, WebhookError } from './requests';
import type { Asked, Caller, CallerAct, Listener, Words } from './script';
import { type LiveTranscription, overhear } from './transcription';
import { type Address, type Prompt, parseTwiml, type Twiml, type Verb } from './twiml';

/** One end of a call while it lasts: whose it is, who holds the phone, and what they are given to hear. */
export type Leg = Teller & {
  readonly call: Call;
  readonly place: Place;
  readonly person: Caller;
  /** Where the person hears in their own time. */
  readonly listener: Listener | null;
  /** What is written down while it is spoken. */
  readonly live: LiveTranscription[];
  /** How events name the person: `caller`, or the number of somebody on duty. */
  readonly name: string;
  /** The moment at which this person hangs up, whatever is going on; null where nothing but their own acts says it. */
  readonly hangsUpAt: Date | null;
  /** Where an unusable document leads; null for a leg that has nowhere to go. */
  readonly fallback: Endpoint | null;
};

/** A document to fetch, with what accompanies the standard parameters. */
export type Fetch = Endpoint & { readonly extra: Parameters };

/** Where a verb leads: on to the next one, to another document, or to the end. */
export type Step = 'next' | Fetch | Ending;

/** Performs one verb of the document at `page`, against which its addresses are resolved. */
export type Perform = (leg: Leg, verb: Verb, page: URL) => Promise<Step>;

type Document = { readonly url: URL; readonly verbs: readonly Verb[] };

/**
 * Twilio's own codes: no address; nothing usable came from it; no connection; too many redirects; it cannot be read; its
 * kind says nothing.
 */
type ErrorCode = 11100 | WebhookError['code'] | 12100 | 12300;

class DocumentError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** The person on this leg has hung up, in the middle of whatever it was. */
export class HungUp extends Error {}

/** What Twilio's recorded voice says when an application gave it nothing to go on. */
const APPLICATION_ERROR = 'We are sorry. An application error has occurred. Goodbye.';

/** A call ends after four hours, and a loop that takes no time ends too. */
const LONGEST_CALL_SECONDS = 14_400;
const MOST_DOCUMENTS = 500;

/** Speech passes at about this many characters a second. */
const CHARACTERS_A_SECOND = 15;

/** Fetches and performs documents from the first one on, until the leg is at an end. */
export async function converse(leg: Leg, first: Fetch, perform: Perform): Promise<Ending> {
  let fetch = first;
  for (let documents = 0; documents < MOST_DOCUMENTS; documents++) {
    try {
      const step = await performDocument(leg, await fetchDocument(leg, fetch), perform);
      if (step === 'next') return 'document ended';
      if (typeof step === 'string') return step;
      fetch = step;
    } catch (error) {
      if (error instanceof HungUp) return 'caller hung up';
      if (!(error instanceof DocumentError)) throw error;
      report(leg, error, fetch.url);
      if (leg.fallback === null || 'ErrorCode' in fetch.extra) return apologise(leg, fetch.url);
      const extra = { ...fetch.extra, ErrorCode: String(error.code), ErrorUrl: fetch.url.href };
      fetch = { ...leg.fallback, extra };
    }
  }
  return 'time limit';
}

async function apologise(leg: Leg, page: URL): Promise<Ending> {
  try {
    await hear(leg, { verb: 'Say', text: APPLICATION_ERROR, language: 'en-US', loop: 1 }, page);
    return 'application error';
  } catch (error) {
    if (error instanceof HungUp) return 'caller hung up';
    throw error;
  }
}

async function performDocument(leg: Leg, document: Document, perform: Perform): Promise<Step> {
  for (const verb of document.verbs) {
    if (leg.clock.now().getTime() - leg.call.startedAt.getTime() > LONGEST_CALL_SECONDS * 1000) return 'time limit';
    const step = await perform(leg, verb, document.url);
    if (step !== 'next') return step;
  }
  return 'next';
}

async function fetchDocument(leg: Leg, fetch: Fetch): Promise<Document> {
  const { contentType, body, url } = await request(leg, 'voice', fetch);
  const [type = ''] = (contentType ?? '').split(';');
  if (['text/xml', 'application/xml', 'text/html'].includes(type)) return { url, verbs: readDocument(leg, body, url) };
  if (type === 'text/plain') return { url, verbs: readPlainText(body) };
  if (type.startsWith('audio/')) return { url, verbs: [{ verb: 'Play', url: url.href, digits: '', loop: 1 }] };
  throw new DocumentError(12300, `the content type is ${type || 'missing'}`);
}

/** One request on behalf of this leg, as an event. Throws a DocumentError when no good answer comes. */
async function request(leg: Leg, webhook: Webhook, fetch: Fetch): Promise<Reply> {
  const { network, call, place, clock } = leg;
  if (strikes(network.random, network.faults.lost?.[webhook])) {
    leg.emit({ type: 'lost', webhook, url: fetch.url.href });
    throw new DocumentError(11205, 'the request was lost');
  }
  const times = strikes(network.random, network.faults.twice?.[webhook]) ? 2 : 1;
  const parameters = { ...standardParameters(network, call, place), ...fetch.extra };
  const [reply] = await sendWebhook(network, fetch, parameters, clock.now(), times).catch((error: unknown) => {
    throw error instanceof WebhookError ? new DocumentError(error.code, error.message) : error;
  });
  leg.emit({ type: 'requested', method: fetch.method, url: fetch.url.href, status: reply.status });
  if (reply.status < 200 || reply.status > 299) throw new DocumentError(11200, `the answer was HTTP ${reply.status}`);
  return reply;
}

/** What is not understood in a document is passed over, with Twilio's warning. */
function readDocument(leg: Leg, body: string, url: URL): readonly Verb[] {
  const { verbs, warnings } = parsed(body);
  for (const message of warnings) leg.emit({ type: 'failed', code: 12200, url: url.href, message });
  return verbs;
}

function parsed(body: string): Twiml {
  try {
    return parseTwiml(body);
  } catch (error) {
    throw new DocumentError(12100, error instanceof Error ? error.message : String(error));
  }
}

/** Plain text is instructions where it can be read as such, and is read out otherwise. */
function readPlainText(body: string): readonly Verb[] {
  try {
    return parseTwiml(body).verbs;
  } catch {
    return [{ verb: 'Say', text: body.trim(), language: 'en-US', loop: 1 }];
  }
}

/** The first verb that is heard picks up the phone; from here on seconds are charged. */
export function answer(leg: Leg): void {
  if (leg.call.answeredAt !== null) return;
  leg.call.answeredAt = leg.clock.now();
  leg.call.status = 'in-progress';
  leg.emit({ type: 'answered', by: leg.name });
}

/** The leg is over, at this moment; over already, it stays as it ended. */
export function hangUp(leg: Leg, status: CallStatus = leg.call.answeredAt === null ? 'no-answer' : 'completed'): void {
  if (leg.call.endedAt !== null) return;
  leg.call.endedAt = leg.clock.now();
  leg.call.status = status;
}

/** Asks for a document that nobody is left to hear, as Twilio does for an action after the caller hung up. */
export async function requestUnheard(leg: Leg, fetch: Fetch): Promise<void> {
  try {
    await request(leg, 'action', fetch);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    report(leg, error, fetch.url);
  }
}

function report(leg: Leg, error: DocumentError, url: URL): void {
  leg.emit({ type: 'failed', code: error.code, url: url.href, message: error.message });
}

/** An address in a document, which may be relative to the document's own. */
export function resolve(address: string, page: URL): URL {
  if (!URL.canParse(address, page.href)) throw new DocumentError(11100, `${address} is no address`);
  return new URL(address, page);
}

/** Where a document sends something, if anywhere. */
export function endpointOf(address: Address | null, page: URL): Endpoint | null {
  return address === null ? null : { url: resolve(address.url, page), method: address.method };
}

/** Lets the person hear a prompt to its end. A Pause before anything else keeps the phone ringing. */
export async function hear(leg: Leg, prompt: Prompt, page: URL): Promise<void> {
  if (prompt.verb === 'Pause') {
    leg.emit({ type: 'waited', by: leg.name, seconds: prompt.length });
    await wait(leg, prompt.length);
    return;
  }
  answer(leg);
  const text = soundOf(prompt, page);
  // 0 means for as long as there is a call; Twilio stops at a thousand.
  for (let time = 0; time < (prompt.loop || 1000); time++) {
    leg.emit({ type: 'heard', by: leg.name, text, ...(prompt.verb === 'Say' && { language: prompt.language }) });
    const stays = leg.listener === null || (await leg.listener());
    await wait(leg, stays ? speakingSeconds(text) : 1);
    if (!stays) throw new HungUp();
    if (prompt.verb === 'Say') await overhear(leg, 'outbound_track', text, 1);
  }
}

/** The tone after which a recording begins. */
export async function hearBeep(leg: Leg): Promise<void> {
  leg.emit({ type: 'heard', by: leg.name, text: '(beep)' });
  await wait(leg, 1);
}

function soundOf(prompt: Exclude<Prompt, { verb: 'Pause' }>, page: URL): string {
  if (prompt.verb === 'Say') return prompt.text;
  return prompt.digits === '' ? `(audio: ${resolve(prompt.url, page).href})` : `(keys: ${prompt.digits})`;
}

/** How long words take to say, in whole seconds. */
export function speakingSeconds(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_A_SECOND));
}

/** How sure the network is of words it has heard. */
export function confidenceOf({ network }: Leg, { confidence }: Words): number {
  return confidence ?? network.random.between(82, 97) / 100;
}

/** A verb that cannot be used here is passed over, with Twilio's warning. */
export function passOver(leg: Leg, { verb }: Verb, page: URL): Step {
  leg.emit({ type: 'failed', code: 12200, url: page.href, message: `<${verb}> cannot be used here` });
  return 'next';
}

/** It is the person's turn. Throws HungUp when that is what they do. */
export async function ask(leg: Leg, asked: Asked): Promise<Exclude<CallerAct, 'hang up'>> {
  leg.emit({ type: 'asked', by: leg.name, ...asked });
  const act = await leg.person(asked);
  leg.emit({ type: 'did', by: leg.name, act });
  if (act === 'hang up') throw new HungUp();
  return act;
}

/** Lets seconds pass on this leg. Throws HungUp at the moment at which the person has had enough. */
export async function wait({ clock, hangsUpAt }: Leg, seconds: number): Promise<void> {
  const left = hangsUpAt === null ? Number.POSITIVE_INFINITY : (hangsUpAt.getTime() - clock.now().getTime()) / 1000;
  if (seconds < left) return clock.pass(seconds);
  await clock.pass(Math.max(0, left));
  throw new HungUp();
}
