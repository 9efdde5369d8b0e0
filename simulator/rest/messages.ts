import type { Network, Text } from '../network';
import { rfc2822 } from '../requests';
import { deliverText, isStopped, keepText, segmentsOf } from '../text';
import { type Answer, accountPath, failure, type Handler, json, notFound, VERSION } from './answer';
import { isWithin, listed, newestFirst } from './list';

const LONGEST_BODY = 1600;

export const listMessages: Handler = (request) => {
  const { network, query } = request;
  const is = (name: string, value: string) => !query.has(name) || query.get(name) === value;
  const found = newestFirst(network.texts.values(), ({ madeAt }) => madeAt).filter(
    (text) => is('To', text.to) && is('From', text.from) && isWithin(query, 'DateSent', text.sentAt),
  );
  return listed(request, 'messages', found, (text) => messageResource(network, text));
};

export const fetchMessage: Handler = ({ network, ids, url }) => {
  const text = network.texts.get(ids.Sid ?? '');
  return text === undefined ? notFound(url) : json(messageResource(network, text));
};

/** Takes a text, and sends it on once the product has its answer. */
export const sendMessage: Handler = ({ network, form }) => {
  const [from = '', to = '', body = ''] = ['From', 'To', 'Body'].map((name) => form.get(name) ?? '');
  const refusal = refusalOf(network, from, to, body);
  if (refusal !== null) return refusal;
  const callback = form.get('StatusCallback');
  if (callback !== null && !URL.canParse(callback)) return failure(400, 21609, 'StatusCallback is no address');
  const text = keepText(network, {
    ...{ direction: 'outbound-api', from, to, body, madeAt: new Date() },
    statusCallback: callback === null ? null : { url: new URL(callback), method: 'POST' },
  });
  const answer = json(messageResource(network, text), 201);
  return { ...answer, afterwards: () => deliverText(network, text) };
};

/** The numbers with which an account of Twilio's can try out each refusal. */
const TRIED_FROM: Readonly<Record<string, readonly [code: number, why: string]>> = {
  '+15005550001': [21212, 'The From number is not a valid phone number'],
  '+15005550007': [21606, 'The From number is not one of the account that can send texts'],
  '+15005550008': [21611, 'The queue of the From number is full'],
};
const TRIED_TO: Readonly<Record<string, readonly [code: number, why: string]>> = {
  '+15005550001': [21211, 'The To number is not a valid phone number'],
  '+15005550002': [21612, 'The To number cannot be reached from here'],
  '+15005550003': [21408, 'The account may not send texts to that country'],
  '+15005550004': [21610, 'The recipient wants no more texts from this number'],
  '+15005550009': [21614, 'The To number cannot take texts'],
};

function refusalOf(network: Network, from: string, to: string, body: string): Answer | null {
  const refuse = (code: number, why: string) => failure(400, code, why);
  const isNumber = (text: string) => /^\+[1-9]\d{6,14}$/.test(text);
  if (from === '') return refuse(21603, 'A From number is required');
  if (body === '') return refuse(21602, 'A Body is required');
  if (body.length > LONGEST_BODY) return refuse(21617, `The Body is longer than ${LONGEST_BODY} characters`);
  const tried = TRIED_FROM[from] ?? TRIED_TO[to];
  if (tried !== undefined) return refuse(...tried);
  if (!isNumber(from)) return refuse(21212, 'The From number is not a valid phone number');
  if (!isNumber(to)) return refuse(21211, 'The To number is not a valid phone number');
  if (from === to) return refuse(21266, 'To and From are the same number');
  if (isStopped(network, from, to)) return refuse(21610, 'The recipient wants no more texts from this number');
  return null;
}

/** Takes the words out of a text, and nothing else: that alone can be done after the fact. */
export const redactMessage: Handler = ({ network, ids, form, url }) => {
  const text = network.texts.get(ids.Sid ?? '');
  if (text === undefined) return notFound(url);
  if (form.get('Status') === 'canceled') return failure(409, 30409, 'The message is not scheduled');
  if (form.get('Body') !== '') return failure(400, 20001, 'Body must be empty');
  text.body = '';
  return json(messageResource(network, text));
};

export const deleteMessage: Handler = ({ network, ids, url }) =>
  network.texts.delete(ids.Sid ?? '') ? { status: 204 } : notFound(url);

function messageResource(network: Network, text: Text) {
  const uri = `${accountPath(network)}/Messages/${text.sid}`;
  return {
    sid: text.sid,
    account_sid: network.account.sid,
    messaging_service_sid: null,
    api_version: VERSION,
    direction: text.direction,
    from: text.from,
    to: text.to,
    body: text.body,
    num_segments: String(segmentsOf(text.body)),
    num_media: '0',
    status: text.status,
    error_code: text.errorCode,
    error_message: null,
    date_created: rfc2822(text.madeAt),
    date_updated: rfc2822(text.sentAt ?? text.madeAt),
    date_sent: text.sentAt === null ? null : rfc2822(text.sentAt),
    price: null,
    price_unit: 'USD',
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}
