import { gather } from './gather';
import { answer, converse, hangUp, hear, type Leg, passOver, resolve, type Step } from './leg';
import { type People, type Person, scripted } from './script';
import type { DialVerb, Verb } from './twiml';

/** Twilio lets a phone ring this much longer than it was told to. */
const EXTRA_RING_SECONDS = 5;

type Outcome = {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed';
  readonly sid: string | null;
  readonly seconds: number;
};

/** A phone that rings: whose it is, and after how many seconds something happens there. */
type Ringing = { readonly leg: Leg; readonly person: Person; readonly after: number; readonly whisper: URL | null };

/** Rings everyone named at once and connects whoever takes the call; the action, if any, learns how it went. */
export async function dial(leg: Leg, verb: DialVerb, page: URL, people: People): Promise<Step> {
  // With answerOnBridge the caller hears it ring, and is not charged, until somebody takes the call.
  if (!verb.answerOnBridge) answer(leg);
  const outcome = await ring(leg, verb, page, people);
  if (verb.action === null) return 'next';
  const extra = {
    DialCallStatus: outcome.status,
    DialBridged: String(outcome.status === 'completed'),
    ...(outcome.sid === null ? {} : { DialCallSid: outcome.sid }),
    ...(outcome.status === 'completed' ? { DialCallDuration: String(outcome.seconds) } : {}),
  };
  return { url: resolve(verb.action, page), method: verb.method, extra };
}

async function ring(leg: Leg, verb: DialVerb, page: URL, people: People): Promise<Outcome> {
  const start = leg.clock.now().getTime();
  const waitUntil = (seconds: number) =>
    leg.clock.pass(Math.max(0, seconds - (leg.clock.now().getTime() - start) / 1000));

  const phones = verb.numbers
    .map((noun) =>
      startRinging(leg, verb, noun.number, noun.whisper === null ? null : resolve(noun.whisper.url, page), people),
    )
    .sort((one, other) => one.after - other.after);
  const unanswered = phones.filter((phone) => phone.person === 'no answer');

  for (const phone of phones) {
    if (phone.person === 'no answer') continue;
    await waitUntil(phone.after);
    if (phone.person === 'busy') {
      hangUp(phone.leg, 'busy');
      leg.emit({ type: 'not reached', number: phone.leg.name, why: 'busy' });
    } else if (await takesCall(phone)) {
      for (const other of phones) if (other !== phone) hangUp(other.leg);
      return { status: 'completed', sid: phone.leg.call.sid, seconds: await talk(leg, phone.leg) };
    } else {
      hangUp(phone.leg);
      leg.emit({ type: 'not reached', number: phone.leg.name, why: 'did not take it' });
    }
  }
  if (unanswered.length > 0) await waitUntil(verb.timeout + EXTRA_RING_SECONDS);
  for (const phone of unanswered) {
    hangUp(phone.leg);
    leg.emit({ type: 'not reached', number: phone.leg.name, why: 'no answer' });
  }
  return {
    status: phones.length === 0 ? 'failed' : phones.every((phone) => phone.person === 'busy') ? 'busy' : 'no-answer',
    sid: phones.at(-1)?.leg.call.sid ?? null,
    seconds: 0,
  };
}

function startRinging(caller: Leg, verb: DialVerb, number: string, whisper: URL | null, people: People): Ringing {
  const { network, clock, call, emit } = caller;
  const person = people[number] ?? people.others ?? 'no answer';
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
    person: scripted(person === 'press 1' ? [{ press: '1' }] : []),
    name: number,
    fallback: null,
  };
  network.calls.set(leg.call.sid, leg.call);
  emit({ type: 'dialled', number });
  return { leg, person, after: network.random.between(2, 5), whisper };
}

/** Whether the person called stays on: a whisper that ends by itself connects, one that hangs up does not. */
async function takesCall({ leg, person, whisper }: Ringing): Promise<boolean> {
  leg.emit({ type: 'picked up', number: leg.name, person });
  answer(leg);
  if (whisper === null) return true;
  return (await converse(leg, { url: whisper, method: 'POST', extra: {} }, performWhisper)) === 'document ended';
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
    default:
      return passOver(leg, verb, page);
  }
}

/** The two talk until the person called hangs up. Whole seconds. */
async function talk(caller: Leg, called: Leg): Promise<number> {
  answer(caller);
  const seconds = caller.network.random.between(40, 180);
  caller.emit({ type: 'connected', number: called.name, seconds });
  await caller.clock.pass(seconds);
  hangUp(called);
  return seconds;
}
