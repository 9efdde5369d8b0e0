/** Words written down while they are spoken, and told at once: `<Start><Transcription>`. */
import { callBack, type Teller } from './callbacks';
import type { Endpoint } from './endpoint';
import type { Call } from './network';
import type { Parameters } from './requests';
import type { TranscriptionNoun } from './twiml';

export type Track = 'inbound_track' | 'outbound_track';

/** One that is running. */
export type LiveTranscription = {
  readonly sid: string;
  readonly noun: TranscriptionNoun;
  readonly endpoint: Endpoint;
  /** How many events have been told. */
  told: number;
};

/** A leg, as far as what is said on it is written down. */
type Spoken = Teller & { readonly call: Call; readonly live: LiveTranscription[] };

export async function startTranscription(leg: Spoken, noun: TranscriptionNoun, endpoint: Endpoint): Promise<void> {
  const started: LiveTranscription = { sid: leg.network.random.sid('GT'), noun, endpoint, told: 0 };
  leg.live.push(started);
  await tell(leg, started, 'transcription-started', {
    ProviderConfiguration: JSON.stringify({ profanityFilter: 'true', speechModel: noun.speechModel }),
    TranscriptionEngine: noun.engine,
    Name: noun.name ?? started.sid,
    Track: noun.track,
    InboundTrackLabel: noun.inboundTrackLabel,
    OutboundTrackLabel: noun.outboundTrackLabel,
    PartialResults: String(noun.partialResults),
    LanguageCode: noun.languageCode,
  });
}

/** Ends the one of that name, or all of them, as the end of a call does. */
export async function stopTranscriptions(leg: Spoken, name?: string): Promise<void> {
  const ending = leg.live.filter(({ noun }) => name === undefined || noun.name === name);
  for (const one of ending) {
    leg.live.splice(leg.live.indexOf(one), 1);
    await tell(leg, one, 'transcription-stopped', {});
  }
}

/** Something was said: `inbound_track` by the caller, `outbound_track` by the line. */
export async function overhear(leg: Spoken, track: Track, transcript: string, confidence: number): Promise<void> {
  for (const one of leg.live) {
    const { track: wanted, languageCode, partialResults } = one.noun;
    if (wanted !== 'both_tracks' && wanted !== track) continue;
    const content = (data: object, isFinal: boolean): Parameters => ({
      LanguageCode: languageCode,
      Track: track,
      TranscriptionData: JSON.stringify(data),
      Final: String(isFinal),
    });
    if (partialResults) {
      const words = transcript.split(' ');
      const half = words.slice(0, Math.ceil(words.length / 2)).join(' ');
      await tell(leg, one, 'transcription-content', { ...content({ transcript: half }, false), Stability: '0.9' });
    }
    await tell(leg, one, 'transcription-content', content({ transcript, confidence }, true));
  }
}

async function tell(leg: Spoken, to: LiveTranscription, event: string, parameters: Parameters): Promise<void> {
  to.told++;
  await callBack(leg, 'live', to.endpoint, {
    AccountSid: leg.network.account.sid,
    CallSid: leg.call.sid,
    TranscriptionSid: to.sid,
    TranscriptionEvent: event,
    SequenceId: String(to.told),
    Timestamp: leg.clock.now().toISOString(),
    ...parameters,
  });
}
