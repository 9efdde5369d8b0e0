import type { Endpoint } from './endpoint';
import { gather } from './gather';
import {
  answer,
  converse,
  endpointOf,
  HungUp,
  hangUp,
  hear,
  type Leg,
  passOver,
  requestUnheard,
  resolve,
  type Step,
  wait,
} from './leg';
import { type Progress, reportProgress } from './progress';
import { type People, type Person, scripted } from './script';
import type { DialVerb, NumberNoun, Verb } from './twiml';

/** Twilio lets a phone ring this much longer than it was told to. */
const EXTRA_RING_SECONDS = 5;

type Outcome = {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';
  readonly sid: string | null;
  readonly seconds: number;
};

/** A phone that rings: whose it is, and after how many seconds something happens there. */
type Phone = {
  readonly leg: Leg;
  readonly person: Person;
  readonly after: number;
  readonly whisper: Endpoint | null;
  readonly progress: Progress | null;
  /** When they were connected with the caller. */
  bridgedAt: Date | null;
};

/** Rings those who are named, and connects whoever takes the call; the action, if any, learns how it went. */
export async function dial(leg: Leg, verb: DialVerb, page: URL, people: People): Promise<Step> {
  // With answerOnBridge the caller hears it ring, and is not charged, until somebody takes the call.
  if (!verb.answerOnBridge) answer(leg);
  const action = verb.action === null ? null : resolve(verb.action, page);
  const phones: Phone[] = [];
  let outcome: Outcome = { status: 'failed', sid: null, seconds: 0 };
  let isCallerThere = true;
  try {
    // In turn, or all at once.
    const rounds = verb.sequential ? verb.numbers.map((noun) => [noun]) : [verb.numbers];
    for (const nouns of rounds) {
      const ringing = nouns.map((noun) => phoneAt(leg, verb, noun, page, people));
      phones.push(...ringing);
      outcome = await ring(leg, verb, ringing);
      if (outcome.status === 'completed') break;
    }
  } catch (error) {
    if (!(error instanceof HungUp)) throw error;
    isCallerThere = false;
    outcome = await cutOff(leg, phones);
  }
  if (action === null) return isCallerThere ? 'next' : 'caller hung up';
  const extra = {
    DialCallStatus: outcome.status,
    DialBridged: String(outcome.status === 'completed'),
    ...(outcome.sid === null ? {} : { DialCallSid: outcome.sid }),
    ...(outcome.status === 'completed' ? { DialCallDuration: String(outcome.seconds) } : {}),
  };
  const fetch = { url: action, method: verb.method, extra };
  if (isCallerThere) return fetch;
  await requestUnheard(leg, fetch);
  return 'caller hung up';
}

async function ring(caller: Leg, verb: DialVerb, ringing: readonly Phone[]): Promise<Outcome> {
  const start = caller.clock.now().getTime();
  const waitUntil = (seconds: number) =>
    wait(caller, Math.max(0, seconds - (caller.clock.now().getTime() - start) / 1000));
  const phones = [...ringing].sort((one, other) => one.after - other.after);
  for (const phone of phones) {
    await reportProgress(phone.leg, phone.progress, 'initiated');
    await reportProgress(phone.leg, phone.progress, 'ringing');
  }

  for (const phone of phones.filter(({ person }) => person !== 'no answer')) {
    await waitUntil(phone.after);
    if (phone.person === 'busy') await giveUp(phone, 'busy');
    else if (await takesCall(phone)) {
      for (const other of phones) if (other !== phone) await end(other);
      return { status: 'completed', sid: phone.leg.call.sid, seconds: await talk(caller, phone, verb.timeLimit) };
    } else {
      await giveUp(phone, 'did not take it');
      // Whoever hung up meanwhile is gone.
      await wait(caller, 0);
    }
  }
  const unanswered = phones.filter(({ person }) => person === 'no answer');
  if (unanswered.length > 0) await waitUntil(verb.timeout + EXTRA_RING_SECONDS);
  for (const phone of unanswered) await giveUp(phone, 'no answer');
  return {
    status: phones.length === 0 ? 'failed' : phones.every(({ person }) => person === 'busy') ? 'busy' : 'no-answer',
    sid: phones.at(-1)?.leg.call.sid ?? null,
    seconds: 0,
  };
}

function phoneAt(caller: Leg, verb: DialVerb, noun: NumberNoun, page: URL, people: People): Phone {
  const { network, clock, call, emit, hangsUpAt } = caller;
  const { number, whisper, statusCallback, statusCallbackEvents } = noun;
  const person = people[number] ?? people.others ?? 'no answer';
  const endpoint = endpointOf(statusCallback, page);
  const leg: Leg = {
    network,
    clock,
    emit,
    call: {
      sid: network.random.sid('CA'),
      parentSid: call.sid,
      from: verb.callerId ?? call.from,
      to: number,
      direction: 'outbound-dial',
      startedAt: clock.now(),
      status: 'ringing',
      answeredAt: null,
      endedAt: null,
    },
    place: {},
    live: [],
    person: scripted(person === 'press 1' ? [{ press: '1' }] : []),
    listener: null,
    name: number,
    // A leg that was called for somebody ends with them.
    hangsUpAt,
    fallback: null,
  };
  network.calls.set(leg.call.sid, leg.call);
  emit({ type: 'dialled', number });
  return {
    leg,
    person,
    after: network.random.between(2, 5),
    whisper: endpointOf(whisper, page),
    progress: endpoint === null ? null : { endpoint, events: statusCallbackEvents, told: 0 },
    bridgedAt: null,
  };
}

async function giveUp(phone: Phone, why: 'busy' | 'no answer' | 'did not take it'): Promise<void> {
  await end(phone, why === 'busy' ? 'busy' : undefined);
  phone.leg.emit({ type: 'not reached', number: phone.leg.name, why });
}

async function end({ leg, progress }: Phone, status?: 'busy' | 'canceled'): Promise<void> {
  if (leg.call.endedAt !== null) return;
  hangUp(leg, status);
  await reportProgress(leg, progress, 'completed');
}

/** Whether the person called stays on: a whisper that ends by itself connects, one that hangs up does not. */
async function takesCall({ leg, person, whisper, progress }: Phone): Promise<boolean> {
  leg.emit({ type: 'picked up', number: leg.name, person });
  answer(leg);
  await reportProgress(leg, progress, 'answered');
  if (whisper === null) return true;
  return (await converse(leg, { ...whisper, extra: {} }, performWhisper)) === 'document ended';
}

/** On the side of the person called, before the two are connected, Twilio knows these verbs alone. */
async function performWhisper(leg: Leg, verb: Verb, page: URL): Promise<Step> {
  switch (verb.verb) {
    case 'Say':
    case 'Play':
      await hear(leg, verb, page);
      return 'next';
    case 'Gather':
      return gather(leg, verb, page);
    case 'Hangup':
      return 'line hung up';
    case 'unknown':
      return 'next';
    default:
      return passOver(leg, verb, page);
  }
}

/** The two talk until the person called hangs up, or for as long as they may. Whole seconds. */
async function talk(caller: Leg, called: Phone, limit: number): Promise<number> {
  answer(caller);
  called.bridgedAt = caller.clock.now();
  const seconds = Math.min(limit, caller.network.random.between(40, 180));
  caller.emit({ type: 'connected', number: called.leg.name, seconds });
  await wait(caller, seconds);
  await end(called);
  return seconds;
}

/** The caller hung up: whoever talked with them has talked, and whatever still rang stops. */
async function cutOff(caller: Leg, phones: readonly Phone[]): Promise<Outcome> {
  for (const phone of phones) await end(phone, phone.leg.call.answeredAt === null ? 'canceled' : undefined);
  hangUp(caller);
  const talked = phones.find(({ bridgedAt }) => bridgedAt !== null);
  const from = talked?.bridgedAt?.getTime();
  return {
    status: from === undefined ? 'canceled' : 'completed',
    sid: (talked ?? phones.at(-1))?.leg.call.sid ?? null,
    seconds: from === undefined ? 0 : Math.round((caller.clock.now().getTime() - from) / 1000),
  };
}
