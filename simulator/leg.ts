import type { Clock } from './clock';
import type { CallStatus, Ending, Happening } from './events';
import type { Call, Network } from './network';
import { type Endpoint, type Parameters, type Place, type Reply, sendWebhook, standardParameters } from './requests';
import type { Asked, Caller, CallerAct } from './script';
import { type Prompt, parseTwiml, type Verb } from './twiml';

/** One end of a call while it lasts: whose it is, who holds the phone, and what they are given to hear. */
export type Leg = {
  readonly network: Network;
  readonly clock: Clock;
  readonly call: Call;
  readonly place: Place;
  readonly person: Caller;
  /** How events name the person: `caller`, or the number of somebody on duty. */
  readonly name: string;
  /** Where an unusable document leads; null for a leg that has nowhere to go. */
  readonly fallback: URL | null;
  readonly emit: (happening: Happening) => void;
};

/** A document to fetch, with what accompanies the standard parameters. */
export type Fetch = Endpoint & { readonly extra: Parameters };

/** Where a verb leads: on to the next one, to another document, or to the end. */
export type Step = 'next' | Fetch | Ending;

/** Performs one verb of the document at `page`, against which its addresses are resolved. */
export type Perform = (leg: Leg, verb: Verb, page: URL) => Promise<Step>;

type Document = { readonly url: URL; readonly verbs: readonly Verb[] };

/** Twilio's own codes: no address; nothing usable came from it; it cannot be read; its kind says nothing. */
type ErrorCode = 11100 | 11200 | 12100 | 12300;

class DocumentError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

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
      if (!(error instanceof DocumentError)) throw error;
      report(leg, error, fetch.url);
      if (leg.fallback === null || 'ErrorCode' in fetch.extra) {
        await hear(leg, { verb: 'Say', text: APPLICATION_ERROR, loop: 1 }, fetch.url);
        return 'application error';
      }
      const extra = { ...fetch.extra, ErrorCode: String(error.code), ErrorUrl: fetch.url.href };
      fetch = { url: leg.fallback, method: 'POST', extra };
    }
  }
  return 'time limit';
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
  const reply = await request(leg, fetch);
  const [type = ''] = (reply.contentType ?? '').split(';');
  if (['text/xml', 'application/xml', 'text/html'].includes(type)) {
    return { url: fetch.url, verbs: readDocument(reply.body) };
  }
  if (type.startsWith('audio/')) return { url: fetch.url, verbs: [{ verb: 'Play', url: fetch.url.href, loop: 1 }] };
  throw new DocumentError(12300, `the content type is ${type || 'missing'}`);
}

/** One request on behalf of this leg, as an event. Throws a DocumentError when no good answer comes. */
async function request(leg: Leg, fetch: Fetch): Promise<Reply> {
  const parameters = { ...standardParameters(leg.network, leg.call, leg.place), ...fetch.extra };
  let reply: Reply;
  try {
    reply = await sendWebhook(leg.network, fetch, parameters, leg.clock.now());
  } catch (error) {
    throw new DocumentError(11200, error instanceof Error ? error.message : String(error));
  }
  leg.emit({ type: 'requested', method: fetch.method, url: fetch.url.href, status: reply.status });
  if (reply.status < 200 || reply.status > 299) throw new DocumentError(11200, `the answer was HTTP ${reply.status}`);
  return reply;
}

function readDocument(body: string): readonly Verb[] {
  try {
    return parseTwiml(body);
  } catch (error) {
    throw new DocumentError(12100, error instanceof Error ? error.message : String(error));
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
    await request(leg, fetch);
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

/** Lets the person hear a prompt to its end. A Pause before anything else keeps the phone ringing. */
export async function hear(leg: Leg, prompt: Prompt, page: URL): Promise<void> {
  if (prompt.verb === 'Pause') {
    leg.emit({ type: 'waited', by: leg.name, seconds: prompt.length });
    await leg.clock.pass(prompt.length);
    return;
  }
  answer(leg);
  const text = prompt.verb === 'Say' ? prompt.text : `(audio: ${resolve(prompt.url, page).href})`;
  // 0 means for as long as there is a call; Twilio stops at a thousand.
  for (let time = 0; time < (prompt.loop || 1000); time++) {
    leg.emit({ type: 'heard', by: leg.name, text });
    await leg.clock.pass(speakingSeconds(text));
  }
}

/** How long words take to say, in whole seconds. */
export function speakingSeconds(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_A_SECOND));
}

/** A verb that cannot be used here is passed over, with Twilio's warning. */
export function passOver(leg: Leg, verb: Verb, page: URL): Step {
  const name = verb.verb === 'unknown' ? verb.name : verb.verb;
  leg.emit({ type: 'failed', code: 12200, url: page.href, message: `<${name}> cannot be used here` });
  return 'next';
}

/** It is the person's turn. */
export async function ask(leg: Leg, asked: Asked): Promise<CallerAct> {
  leg.emit({ type: 'asked', by: leg.name, ...asked });
  const act = await leg.person(asked);
  leg.emit({ type: 'did', by: leg.name, act });
  return act;
}
