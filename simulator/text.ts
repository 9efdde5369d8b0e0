/** Texts in both directions. */
import { callBack, type Teller } from './callbacks';
import { startClock } from './clock';
import { strikes } from './faults';
import { type Network, numberAt, type Text } from './network';
import { type Parameters, placeParameters, type Reply, sendWebhook, WebhookError } from './requests';
import { parseReplies } from './twiml';

export type TextRequest = {
  readonly from: string;
  /** The number of the account that is written to. */
  readonly to: string;
  readonly body: string;
  /** When it comes in; now, if not said. */
  readonly at?: Date;
};

export type SentText = {
  readonly sid: string;
  /** HTTP; null when nobody answered. */
  readonly status: number | null;
  /** What was written back, by the product and by the network itself. */
  readonly replies: readonly string[];
};

/** No telephone answered for days; nothing more is known. */
const UNREACHABLE = 30003;

/** Words, alone in a text, with which somebody says what they want of all further texts. The network obeys them itself. */
const STOP = /^\s*(stop|stopall|unsubscribe|cancel|end|quit|optout|revoke)\s*$/i;
const START = /^\s*(start|yes|unstop)\s*$/i;
const HELP = /^\s*(help|info)\s*$/i;

const stoppedPair = (from: string, to: string) => `${from} ${to}`;

/** Whether whoever has this number wants no more texts from that one. */
export const isStopped = ({ stopped }: Network, from: string, to: string) => stopped.has(stoppedPair(from, to));

/** Somebody writes to a number of the account; resolves when the product and the network have answered. */
export async function sendText(network: Network, { from, to, body, at = new Date() }: TextRequest): Promise<SentText> {
  const text = keepText(network, { direction: 'inbound', from, to, body, madeAt: at, statusCallback: null });
  const word = obey(network, text);
  const reply = await hand(network, text);
  const own = reply === null || reply.status >= 300 ? [] : repliesIn(reply);
  // Once somebody has said stop, only the network's own word about it still reaches them.
  const replies = [...(isStopped(network, to, from) ? [] : own), ...(word === null ? [] : [word])];
  for (const answer of replies) {
    const sent = keepText(network, {
      ...{ direction: 'outbound-reply', from: to, to: from, body: answer, madeAt: at, statusCallback: null },
    });
    await deliverText(network, sent);
  }
  return { sid: text.sid, status: reply?.status ?? null, replies };
}

/** Blocks or opens the way back, and says so, as Twilio does for every number unless it is told not to. */
function obey(network: Network, { from, to, body }: Text): string | null {
  const pair = stoppedPair(to, from);
  if (STOP.test(body)) {
    network.stopped.add(pair);
    return 'You will get no more texts from this number. Reply START to get them again.';
  }
  if (START.test(body) && network.stopped.delete(pair)) {
    return 'You will get texts from this number again. Reply STOP to end them.';
  }
  return HELP.test(body) ? 'Reply STOP to get no more texts from this number.' : null;
}

/** The product's answer; null when it did not get the text, or gave none. */
async function hand(network: Network, text: Text): Promise<Reply | null> {
  if (strikes(network.random, network.faults.lost?.text)) return null;
  const { url, method } = numberAt(network, text.to, text.madeAt).text;
  const times = strikes(network.random, network.faults.twice?.text) ? 2 : 1;
  try {
    const [reply] = await sendWebhook(
      network,
      { url: new URL(url), method },
      parametersOf(network, text),
      text.madeAt,
      times,
    );
    return reply;
  } catch (error) {
    if (error instanceof WebhookError) return null;
    throw error;
  }
}

function parametersOf({ account }: Network, { sid, from, to, body }: Text): Parameters {
  return {
    AccountSid: account.sid,
    ApiVersion: '2010-04-01',
    MessageSid: sid,
    SmsSid: sid,
    SmsMessageSid: sid,
    SmsStatus: 'received',
    From: from,
    To: to,
    Body: body,
    NumMedia: '0',
    NumSegments: String(segmentsOf(body)),
    ...placeParameters(['From'], from),
    ...placeParameters(['To'], to),
  };
}

/** Texts to write back. An answer that cannot be read is an error that only the account's log shows. */
function repliesIn({ contentType, body }: Reply): readonly string[] {
  if (contentType?.startsWith('text/plain')) return body.trim() === '' ? [] : [body.trim()];
  try {
    return parseReplies(body).filter((reply) => reply !== '');
  } catch {
    return [];
  }
}

/** Notes a text down; one of ours still has its way to go. */
export function keepText(network: Network, text: Omit<Text, 'sid' | 'status' | 'sentAt' | 'errorCode'>): Text {
  const kept: Text = {
    ...text,
    sid: network.random.sid('SM'),
    status: text.direction === 'inbound' ? 'received' : 'queued',
    sentAt: text.direction === 'inbound' ? text.madeAt : null,
    errorCode: null,
  };
  network.texts.set(kept.sid, kept);
  return kept;
}

/** Takes a text of ours to whoever it is for, and tells on the way how it fares. */
export async function deliverText(network: Network, text: Text): Promise<void> {
  const teller: Teller = { network, clock: startClock(text.madeAt), emit: () => {} };
  const become = async (status: Text['status']) => {
    text.status = status;
    await reportDelivery(teller, text);
  };
  await teller.clock.pass(1);
  text.sentAt = teller.clock.now();
  await become('sent');
  await teller.clock.pass(2);
  if (strikes(network.random, network.faults.undelivered)) {
    text.errorCode = UNREACHABLE;
    await become('undelivered');
  } else await become('delivered');
  await teller.clock.settle();
}

async function reportDelivery(
  teller: Teller,
  { sid, from, to, status, errorCode, statusCallback }: Text,
): Promise<void> {
  if (statusCallback === null) return;
  const isDone = status !== 'sent';
  await callBack(teller, 'delivery', statusCallback, {
    AccountSid: teller.network.account.sid,
    ApiVersion: '2010-04-01',
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    From: from,
    To: to,
    ...(isDone && { RawDlrDoneDate: teller.clock.now().toISOString().replace(/\D/g, '').slice(2, 12) }),
    ...(errorCode !== null && { ErrorCode: String(errorCode) }),
  });
}

/** Letters of the telephone's own alphabet; one of the second group takes the room of two. */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
const GSM_DOUBLE = /[\^{}\\[~\]|€]/g;

/** How many texts this takes on the air: 160 letters in one or 153 in each of several, 70 and 67 with other letters. */
export function segmentsOf(body: string): number {
  const isPlain = GSM.test(body);
  const length = isPlain ? body.length + (body.match(GSM_DOUBLE)?.length ?? 0) : body.length;
  const [alone, each] = isPlain ? [160, 153] : [70, 67];
  return length <= alone ? 1 : Math.ceil(length / each);
}
