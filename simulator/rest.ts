import { mumble } from './media';
import { type Call, type Network, type Recording, secondsOf } from './network';
import { rfc2822 } from './requests';

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

const VERSION = '2010-04-01';

/** Answers a request to the part of Twilio's REST API that the product uses; anything else is not found. */
export function answerRest(network: Network, method: string, url: URL): Answer {
  const account = `/${VERSION}/Accounts/${network.account.sid}/`;
  if (!url.pathname.startsWith(account)) return notFound(url);
  const [resource = '', file = '', ...more] = url.pathname.slice(account.length).split('/');
  if (more.length > 0) return notFound(url);
  const [sid = '', format = ''] = file.split('.');

  if (method === 'GET' && resource === 'Recordings.json' && file === '') return listRecordings(network, url);
  if (method === 'GET' && resource === 'Calls' && format === 'json') {
    const call = network.calls.get(sid);
    return call === undefined ? notFound(url) : json(callResource(network, call));
  }
  if (resource !== 'Recordings') return notFound(url);

  const recording = network.recordings.get(sid);
  if (recording === undefined) return notFound(url);
  if (method === 'GET' && format === 'json') return json(recordingResource(network, recording));
  if (method === 'GET' && ['', 'wav', 'mp3'].includes(format)) return media(recording, url);
  if (method === 'DELETE' && format === 'json') return erase(network, recording);
  return notFound(url);
}

/** 401 in Twilio's words, for missing and for wrong credentials alike. */
export function unauthorised(): Answer {
  return failure(401, 20003, 'Authenticate', { 'WWW-Authenticate': 'Basic realm="Twilio API"' });
}

function notFound(url: URL): Answer {
  return failure(404, 20404, `The requested resource ${url.pathname} was not found`);
}

function failure(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, status, headers);
}

function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** Always a WAV file, named as one: whoever asks for MP3 gets something that plays. */
function media(recording: Recording, url: URL): Answer {
  if (recording.status !== 'completed') return notFound(url);
  return { status: 200, headers: { 'Content-Type': 'audio/x-wav' }, body: mumble(recording.words, recording.seconds) };
}

function erase(network: Network, recording: Recording): Answer {
  if (recording.status === 'processing') return failure(409, 20409, 'The recording is not completed');
  network.recordings.delete(recording.sid);
  return { status: 204 };
}

function listRecordings(network: Network, url: URL): Answer {
  const query = url.searchParams;
  const size = Math.min(1000, Math.max(1, Number(query.get('PageSize') ?? 50) || 50));
  const page = Math.max(0, Number(query.get('Page') ?? 0) || 0);
  const found = [...network.recordings.values()]
    .filter((recording) => matches(recording, query))
    .sort((one, other) => other.startedAt.getTime() - one.startedAt.getTime());
  const shown = found.slice(page * size, (page + 1) * size);
  const address = (number: number) => {
    const other = new URLSearchParams(query);
    other.set('PageSize', String(size));
    other.set('Page', String(number));
    return `${url.pathname}?${other}`;
  };
  return json({
    recordings: shown.map((recording) => recordingResource(network, recording)),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(0, shown.length - 1),
    uri: address(page),
    first_page_uri: address(0),
    previous_page_uri: page === 0 ? null : address(page - 1),
    next_page_uri: found.length > (page + 1) * size ? address(page + 1) : null,
  });
}

/** By call, and by the day or moment it was made: on it, `<` up to it, `>` from it on. */
function matches(recording: Recording, query: URLSearchParams): boolean {
  const made = recording.startedAt.toISOString().replace(/\.\d+/, '');
  const cut = (moment: string) => made.slice(0, moment.length);
  const [on, upTo, from] = [query.get('DateCreated'), query.get('DateCreated<'), query.get('DateCreated>')];
  return (
    (query.get('CallSid') ?? recording.callSid) === recording.callSid &&
    (on === null || cut(on) === on) &&
    (upTo === null || cut(upTo) <= upTo) &&
    (from === null || cut(from) >= from)
  );
}

function recordingResource(network: Network, recording: Recording) {
  const uri = `/${VERSION}/Accounts/${network.account.sid}/Recordings/${recording.sid}`;
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
    uri: `${uri}.json`,
    media_url: network.apiUrl + uri,
    subresource_uris: {},
  };
}

function callResource(network: Network, call: Call) {
  return {
    sid: call.sid,
    account_sid: network.account.sid,
    parent_call_sid: call.parentSid,
    api_version: VERSION,
    from: call.from,
    from_formatted: call.from,
    to: call.to,
    to_formatted: call.to,
    direction: call.direction,
    status: call.status,
    date_created: rfc2822(call.startedAt),
    date_updated: rfc2822(call.endedAt ?? call.startedAt),
    start_time: rfc2822(call.startedAt),
    end_time: call.endedAt === null ? null : rfc2822(call.endedAt),
    duration: call.endedAt === null ? null : String(secondsOf(call)),
    answered_by: null,
    caller_name: null,
    forwarded_from: null,
    group_sid: null,
    phone_number_sid: null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    trunk_sid: null,
    uri: `/${VERSION}/Accounts/${network.account.sid}/Calls/${call.sid}.json`,
    subresource_uris: {},
  };
}
