import { strikes } from '../faults';
import type { Network } from '../network';
import { fetchAccount } from './account';
import { type Answer, accountPath, failure, type Handler, notFound } from './answer';
import { deleteCall, fetchCall, listCalls } from './calls';
import { lookUp } from './lookups';
import { deleteMessage, fetchMessage, listMessages, redactMessage, sendMessage } from './messages';
import { buyNumber, changeNumber, fetchNumber, listAvailable, listNumbers, releaseNumber } from './numbers';
import { operationAt, problemsInAnswer, problemsInRequest } from './openapi';
import {
  deleteRecording,
  deleteTranscription,
  fetchRecording,
  fetchTranscription,
  listCallRecordings,
  listRecordings,
  listTranscriptions,
  media,
} from './recordings';

/** What answers each operation of twilio-openapi.json. */
export const handlers: Readonly<Record<string, Handler>> = {
  'GET Accounts/{Sid}.json': fetchAccount,
  'GET Calls.json': listCalls,
  'GET Calls/{Sid}.json': fetchCall,
  'DELETE Calls/{Sid}.json': deleteCall,
  'GET Calls/{CallSid}/Recordings.json': listCallRecordings,
  'GET Recordings.json': listRecordings,
  'GET Recordings/{Sid}.json': fetchRecording,
  'DELETE Recordings/{Sid}.json': deleteRecording,
  'GET Recordings/{RecordingSid}/Transcriptions.json': listTranscriptions,
  'GET Transcriptions/{Sid}.json': fetchTranscription,
  'DELETE Transcriptions/{Sid}.json': deleteTranscription,
  'GET Messages.json': listMessages,
  'POST Messages.json': sendMessage,
  'GET Messages/{Sid}.json': fetchMessage,
  'POST Messages/{Sid}.json': redactMessage,
  'DELETE Messages/{Sid}.json': deleteMessage,
  'GET IncomingPhoneNumbers.json': listNumbers,
  'POST IncomingPhoneNumbers.json': buyNumber,
  'GET IncomingPhoneNumbers/{Sid}.json': fetchNumber,
  'POST IncomingPhoneNumbers/{Sid}.json': changeNumber,
  'DELETE IncomingPhoneNumbers/{Sid}.json': releaseNumber,
  'GET AvailablePhoneNumbers/{CountryCode}/Local.json': listAvailable,
};

export type Asked = { readonly method: string; readonly url: URL; readonly form: URLSearchParams };

/** Answers a request to Twilio's REST API, or does what the network's faults say with it. */
export function answerRest(network: Network, asked: Asked): Answer {
  const fault = network.faults.rest;
  if (fault === undefined || !strikes(network.random, fault.share ?? 1)) return answer(network, asked);
  if (fault.answer === 'cut off') return { ...answer(network, asked), isCutOff: true };
  const { retryAfter } = fault;
  return fault.answer === 429
    ? failure(429, 20429, 'Too Many Requests', retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) })
    : failure(500, 20500, 'Internal Server Error');
}

/** Anything that Twilio's description does not know, or that is another account's, is not found. */
function answer(network: Network, { method, url, form }: Asked): Answer {
  const recording = /^\/Recordings\/(RE[\da-f]{32})(\.wav|\.mp3)?$/.exec(below(network, url) ?? '');
  if (method === 'GET' && recording?.[1] !== undefined) return media(network, recording[1], url);

  const lookup = method === 'GET' ? lookUp(url) : null;
  if (lookup !== null) return lookup;

  const operation = operationAt(method, url.pathname);
  if (operation === null || (operation.ids.AccountSid ?? network.account.sid) !== network.account.sid) {
    return notFound(url);
  }
  const handle = handlers[operation.name];
  if (handle === undefined) return notFound(url);
  const { searchParams: query } = url;
  const [problem] = problemsInRequest(operation, query, form);
  if (problem !== undefined) return failure(400, 20001, problem);

  const given = handle({ network, url, ids: operation.ids, query, form });
  if (given.status < 300) {
    const body: unknown = given.body === undefined ? null : JSON.parse(String(given.body));
    const problems = problemsInAnswer(operation, given.status, body);
    if (problems.length > 0) throw new Error(`${operation.name} would not be Twilio's answer: ${problems.join('; ')}`);
  }
  return given;
}

/** The path below the account's own; null for another's. */
function below(network: Network, url: URL): string | null {
  const path = accountPath(network);
  return url.pathname.startsWith(`${path}/`) ? url.pathname.slice(path.length) : null;
}
