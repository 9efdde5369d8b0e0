import { mumble } from '../media';
import type { Network, Recording, Transcription } from '../network';
import { rfc2822 } from '../requests';
import { type Answer, accountPath, failure, type Handler, json, notFound, VERSION } from './answer';
import { isWithin, listed, newestFirst } from './list';

export const listRecordings: Handler = (request) => {
  const { network, query } = request;
  const found = recordingsOf(network, query).filter(
    ({ callSid }) => !query.has('CallSid') || query.get('CallSid') === callSid,
  );
  return listed(request, 'recordings', found, (recording) => recordingResource(network, recording));
};

export const listCallRecordings: Handler = (request) => {
  const { network, ids, query, url } = request;
  if (!network.calls.has(ids.CallSid ?? '')) return notFound(url);
  const found = recordingsOf(network, query).filter(({ callSid }) => callSid === ids.CallSid);
  return listed(request, 'recordings', found, (recording) => callRecordingResource(network, recording));
};

function recordingsOf(network: Network, query: URLSearchParams): Recording[] {
  return newestFirst(network.recordings.values(), ({ startedAt }) => startedAt).filter(
    (recording) => isShown(recording, query) && isWithin(query, 'DateCreated', recording.startedAt),
  );
}

/** Twilio keeps a description of what was deleted, for whoever asks for that. */
const isShown = ({ status }: Recording, query: URLSearchParams) =>
  status !== 'deleted' || query.get('IncludeSoftDeleted') === 'true';

export const fetchRecording: Handler = ({ network, ids, query, url }) => {
  const recording = network.recordings.get(ids.Sid ?? '');
  if (recording === undefined || !isShown(recording, query)) return notFound(url);
  return json(recordingResource(network, recording));
};

export const deleteRecording: Handler = ({ network, ids, url }) => {
  const recording = network.recordings.get(ids.Sid ?? '');
  if (recording === undefined || recording.status === 'deleted') return notFound(url);
  if (recording.status === 'processing') return failure(409, 20409, 'The recording is not completed');
  recording.status = 'deleted';
  return { status: 204 };
};

/** The audio. Always a WAV file, named as one: whoever asks for MP3 gets something that plays. */
export function media(network: Network, sid: string, url: URL): Answer {
  const recording = network.recordings.get(sid);
  if (recording?.status !== 'completed') return notFound(url);
  if (url.searchParams.get('RequestedChannels') === '2') {
    return failure(400, 20001, 'The recording has one channel');
  }
  return { status: 200, headers: { 'Content-Type': 'audio/x-wav' }, body: mumble(recording.words, recording.seconds) };
}

export const listTranscriptions: Handler = (request) => {
  const { network, ids, url } = request;
  if (!network.recordings.has(ids.RecordingSid ?? '')) return notFound(url);
  const found = newestFirst(network.transcriptions.values(), ({ madeAt }) => madeAt).filter(
    ({ recordingSid }) => recordingSid === ids.RecordingSid,
  );
  return listed(request, 'transcriptions', found, (one) => transcriptionResource(network, one));
};

export const fetchTranscription: Handler = ({ network, ids, url }) => {
  const transcription = network.transcriptions.get(ids.Sid ?? '');
  return transcription === undefined ? notFound(url) : json(transcriptionResource(network, transcription));
};

export const deleteTranscription: Handler = ({ network, ids, url }) =>
  network.transcriptions.delete(ids.Sid ?? '') ? { status: 204 } : notFound(url);

/** What a recording is under its own address and under its call's; Twilio describes the two a little differently. */
function describe(network: Network, recording: Recording) {
  const made = rfc2822(recording.startedAt);
  return {
    sid: recording.sid,
    account_sid: network.account.sid,
    call_sid: recording.callSid,
    conference_sid: null,
    api_version: VERSION,
    date_created: made,
    date_updated: made,
    start_time: made,
    duration: String(recording.seconds),
    status: recording.status,
    channels: 1,
    source: 'RecordVerb',
    error_code: null,
    price: null,
    price_unit: 'USD',
    encryption_details: null,
  };
}

function recordingResource(network: Network, recording: Recording) {
  const uri = `${accountPath(network)}/Recordings/${recording.sid}`;
  return {
    ...describe(network, recording),
    uri: `${uri}.json`,
    media_url: network.apiUrl + uri,
    subresource_uris: { transcriptions: `${uri}/Transcriptions.json` },
  };
}

function callRecordingResource(network: Network, recording: Recording) {
  const uri = `${accountPath(network)}/Calls/${recording.callSid}/Recordings/${recording.sid}.json`;
  return { ...describe(network, recording), track: 'both', uri };
}

function transcriptionResource(network: Network, { sid, recordingSid, madeAt, seconds, text, status }: Transcription) {
  const made = rfc2822(madeAt);
  return {
    sid,
    account_sid: network.account.sid,
    api_version: VERSION,
    recording_sid: recordingSid,
    date_created: made,
    date_updated: made,
    duration: String(seconds),
    status,
    transcription_text: text,
    type: 'fast',
    price: null,
    price_unit: 'USD',
    uri: `${accountPath(network)}/Transcriptions/${sid}.json`,
  };
}
