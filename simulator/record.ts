import { callBack } from './callbacks';
import type { Endpoint } from './endpoint';
import {
  answer,
  ask,
  confidenceOf,
  endpointOf,
  HungUp,
  hangUp,
  hearBeep,
  type Leg,
  requestUnheard,
  resolve,
  type Step,
  speakingSeconds,
  wait,
} from './leg';
import type { Recording, Transcription } from './network';
import { type Parameters, rfc2822, standardParameters } from './requests';
import type { Words } from './script';
import { overhear } from './transcription';
import type { RecordVerb } from './twiml';

/** How long Twilio takes until a recording can be fetched, and until its words are there. */
const PROCESSING_SECONDS = 2;
const TRANSCRIBING_SECONDS = 20;

/** What was left: the words, seconds with and without the silence around them, and what ended it. */
type Message = {
  readonly words: string;
  readonly spoken: number;
  readonly elapsed: number;
  readonly end: 'silence' | 'full' | 'hang up' | { readonly key: string };
};

type Callbacks = { readonly recording: Endpoint | null; readonly transcription: Endpoint | null };

/** Beeps, records, and hands the recording to the action, which is asked for even when the caller has hung up. */
export async function record(leg: Leg, verb: RecordVerb, page: URL): Promise<Step> {
  const action = resolve(verb.action, page);
  const callbacks = {
    recording: endpointOf(verb.recordingStatusCallback, page),
    transcription: endpointOf(verb.transcribeCallback, page),
  };
  answer(leg);
  if (verb.playBeep) await hearBeep(leg);
  const startedAt = leg.clock.now();
  const message = await takeMessage(leg, verb);
  const recording = keep(leg, verb, message, startedAt);
  if (message.end === 'hang up') hangUp(leg);
  announceLater(leg, verb, callbacks, recording);

  const key = message.end === 'hang up' ? 'hangup' : typeof message.end === 'object' ? message.end.key : null;
  const extra = {
    ...recordingParameters(leg, recording),
    RecordingDuration: String(recording.seconds),
    ...(key === null ? {} : { Digits: key }),
  };
  const fetch = { url: action, method: verb.method, extra };
  if (message.end !== 'hang up') return fetch;
  await requestUnheard(leg, fetch);
  return 'caller hung up';
}

/** Listens until silence, a key, a hang-up or the greatest length ends it. */
async function takeMessage(leg: Leg, verb: RecordVerb): Promise<Message> {
  const startedAt = leg.clock.now().getTime();
  const elapsed = () => (leg.clock.now().getTime() - startedAt) / 1000;
  const words: string[] = [];
  let spoken = 0;
  const pass = (seconds: number) => wait(leg, Math.min(seconds, verb.maxLength - elapsed()));
  const say = async ({ say: text, seconds = speakingSeconds(text) }: Words) => {
    const begun = elapsed();
    try {
      await pass(seconds);
    } finally {
      // Cut off, what was said until then is on the recording.
      words.push(beginning(text, (elapsed() - begun) / seconds));
      spoken = elapsed();
    }
  };
  const ended = (end: Message['end']): Message => ({ words: words.join(' '), spoken, elapsed: elapsed(), end });

  try {
    while (elapsed() < verb.maxLength) {
      const act = await ask(leg, { for: 'message', keys: verb.finishOnKey !== '', speech: true, digits: 1 });
      if (act === 'silence') {
        await pass(verb.timeout === 0 ? verb.maxLength : verb.timeout);
        if (verb.timeout > 0) return ended(elapsed() < verb.maxLength ? 'silence' : 'full');
      } else if ('press' in act) {
        await pass(1);
        const key = [...act.press].find((pressed) => verb.finishOnKey.includes(pressed));
        if (key !== undefined) return ended({ key });
      } else {
        await say(act);
        await overhear(leg, 'inbound_track', act.say, confidenceOf(leg, act));
      }
    }
    return ended('full');
  } catch (error) {
    if (error instanceof HungUp) return ended('hang up');
    throw error;
  }
}

/** So much of a text as is said in a share of the time that all of it takes, in whole words. */
function beginning(text: string, share: number): string {
  const words = text.split(' ');
  return words.slice(0, Math.ceil(words.length * share)).join(' ');
}

/** Twilio trims the silence around words, and keeps a recording that is silent throughout. */
function keep(leg: Leg, verb: RecordVerb, message: Message, startedAt: Date): Recording {
  const { network, call } = leg;
  const recording: Recording = {
    sid: network.random.sid('RE'),
    callSid: call.sid,
    startedAt,
    seconds: Math.round(verb.trim && message.spoken > 0 ? message.spoken : message.elapsed),
    words: message.words,
    status: message.elapsed > 0 ? 'processing' : 'absent',
  };
  network.recordings.set(recording.sid, recording);
  leg.emit({ type: 'recorded', recordingSid: recording.sid, seconds: recording.seconds, words: recording.words });
  return recording;
}

function announceLater(leg: Leg, verb: RecordVerb, to: Callbacks, recording: Recording): void {
  leg.clock.later(PROCESSING_SECONDS, async () => {
    if (recording.status === 'processing') recording.status = 'completed';
    if (to.recording === null || !verb.recordingStatusCallbackEvents.includes(recording.status)) return;
    await callBack(leg, 'recording', to.recording, {
      AccountSid: leg.network.account.sid,
      CallSid: recording.callSid,
      ...recordingParameters(leg, recording),
      RecordingStatus: recording.status,
      RecordingChannels: '1',
      RecordingSource: 'RecordVerb',
      RecordingStartTime: rfc2822(recording.startedAt),
      ErrorCode: '0',
      ...(recording.status === 'completed' ? { RecordingDuration: String(recording.seconds) } : {}),
    });
  });
  if (!verb.transcribe || recording.status === 'absent') return;
  leg.clock.later(TRANSCRIBING_SECONDS, async () => {
    const { sid, status, text } = transcribe(leg, recording);
    if (to.transcription === null) return;
    await callBack(leg, 'transcription', to.transcription, {
      ...standardParameters(leg.network, leg.call, leg.place),
      ...recordingParameters(leg, recording),
      TranscriptionSid: sid,
      TranscriptionStatus: status,
      TranscriptionText: text,
      TranscriptionUrl: `${recordingAddress(leg, recording)}/Transcriptions/${sid}`,
    });
  });
}

function transcribe({ network, clock }: Leg, recording: Recording): Transcription {
  const transcription: Transcription = {
    sid: network.random.sid('TR'),
    recordingSid: recording.sid,
    madeAt: clock.now(),
    seconds: recording.seconds,
    text: recording.words,
    status: recording.words === '' ? 'failed' : 'completed',
  };
  network.transcriptions.set(transcription.sid, transcription);
  return transcription;
}

function recordingParameters(leg: Leg, recording: Recording): Parameters {
  return { RecordingSid: recording.sid, RecordingUrl: recordingAddress(leg, recording) };
}

function recordingAddress({ network }: Leg, recording: Recording): string {
  return `${network.apiUrl}/2010-04-01/Accounts/${network.account.sid}/Recordings/${recording.sid}`;
}
