import { startClock } from './clock';
import { dial } from './dial';
import type { Endpoint } from './endpoint';
import type { CallEvent, CompletedCall, Happening } from './events';
import { gather } from './gather';
import { answer, converse, endpointOf, hangUp, hear, type Leg, resolve, type Step } from './leg';
import { type Network, numberAt, secondsOf, type Target } from './network';
import { reportProgress } from './progress';
import { record } from './record';
import type { Place } from './requests';
import { type Caller, type Listener, type People, type Script, scripted } from './script';
import { startTranscription, stopTranscriptions } from './transcription';
import type { Verb } from './twiml';

export type CallRequest = {
  /** The number called, in E.164. */
  readonly to: string;
  /** The caller's number, or what Twilio sends for a withheld one: `anonymous`, `+266696687`, … */
  readonly from: string;
  /** When the call comes in; now, if not said. */
  readonly at?: Date;
  readonly script: Script | Caller;
  /** The caller hears in their own time, and may hang up in the middle of what is said. */
  readonly listener?: Listener;
  /** Seconds after which the caller hangs up, in the middle of whatever it is. */
  readonly hangUpAfter?: number;
  readonly people?: People;
  /** Where the carrier says the caller is; blank, if not said. */
  readonly place?: Place;
  /** What the carrier attests of the caller's number; `TN-Validation-Passed-A` for a +1 number, if not said. */
  readonly stirVerstat?: string;
};

/**
 * Places one call to the product and stays with it to the end, the callbacks after it included.
 * Nothing sleeps: the network's own clock runs ahead as far as talk, silence and ringing take it.
 */
export async function placeCall(
  network: Network,
  request: CallRequest,
  onEvent: (event: CallEvent) => void = () => {},
): Promise<CompletedCall> {
  const clock = startClock(request.at ?? new Date());
  const events: CallEvent[] = [];
  const emit = (happening: Happening) => {
    const event = { at: clock.now().toISOString(), ...happening };
    events.push(event);
    onEvent(event);
  };
  const number = numberAt(network, request.to, clock.now());
  const leg: Leg = {
    network,
    clock,
    emit,
    call: {
      sid: network.random.sid('CA'),
      parentSid: null,
      from: request.from,
      to: request.to,
      direction: 'inbound',
      startedAt: clock.now(),
      status: 'ringing',
      answeredAt: null,
      endedAt: null,
    },
    place: request.place ?? {},
    live: [],
    person: typeof request.script === 'function' ? request.script : scripted(request.script),
    listener: request.listener ?? null,
    name: 'caller',
    hangsUpAt: request.hangUpAfter === undefined ? null : new Date(clock.now().getTime() + request.hangUpAfter * 1000),
    fallback: endpoint(number.voiceFallback),
  };
  network.calls.set(leg.call.sid, leg.call);
  emit({ type: 'ringing', callSid: leg.call.sid, from: request.from, to: request.to });

  const voice = { ...endpoint(number.voice), extra: firstParameters(leg, request) };
  const how = await converse(leg, voice, (_, verb, page) => perform(leg, verb, page, request.people ?? {}));
  hangUp(leg);
  const ended = { how, status: leg.call.status, seconds: secondsOf(leg.call) };
  emit({ type: 'ended', ...ended });
  await stopTranscriptions(leg);
  // The number's own callback: once, when the call is over.
  const progress = { endpoint: endpoint(number.statusCallback), events: ['completed'], told: 0 };
  await reportProgress(leg, progress, 'completed');
  await clock.settle();

  return {
    callSid: leg.call.sid,
    heard: events.flatMap((event) => (event.type === 'heard' && event.by === 'caller' ? [event.text] : [])),
    events,
    recordings: events.flatMap((event) =>
      event.type === 'recorded' ? [{ sid: event.recordingSid, seconds: event.seconds, words: event.words }] : [],
    ),
    ended,
  };
}

function endpoint({ url, method }: Target): Endpoint {
  return { url: new URL(url), method };
}

/** What only the first request of a call carries. Numbers are attested in North America alone. */
function firstParameters(leg: Leg, request: CallRequest) {
  const stirVerstat = request.stirVerstat ?? (request.from.startsWith('+1') ? 'TN-Validation-Passed-A' : null);
  return {
    CallToken: encodeURIComponent(
      JSON.stringify({ parentCallInfoToken: leg.network.random.uuid(), identityHeaderTokens: [] }),
    ),
    ...(stirVerstat === null ? {} : { StirVerstat: stirVerstat }),
  };
}

async function perform(leg: Leg, verb: Verb, page: URL, people: People): Promise<Step> {
  switch (verb.verb) {
    case 'Say':
    case 'Play':
    case 'Pause':
      await hear(leg, verb, page);
      return 'next';
    case 'Gather':
      return gather(leg, verb, page);
    case 'Record':
      return record(leg, verb, page);
    case 'Dial':
      return dial(leg, verb, page, people);
    case 'Redirect':
      return { url: resolve(verb.url, page), method: verb.method, extra: {} };
    case 'Hangup':
      answer(leg);
      return 'line hung up';
    case 'Reject':
      if (leg.call.answeredAt !== null) return 'line hung up';
      hangUp(leg, verb.reason === 'busy' ? 'busy' : 'no-answer');
      return 'rejected';
    case 'Start':
      for (const noun of verb.transcriptions) {
        const endpoint = endpointOf(noun.statusCallback, page);
        if (endpoint !== null) await startTranscription(leg, noun, endpoint);
      }
      return 'next';
    case 'Stop':
      for (const name of verb.names) await stopTranscriptions(leg, name);
      return 'next';
    case 'unknown':
      return 'next';
  }
}
