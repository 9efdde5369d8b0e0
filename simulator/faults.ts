import type { Random } from './random';

/**
 * What is told and wants no answer: how a call goes, what came of a recording and of its words, `live` the words while
 * they are spoken, and the `delivery` of a text.
 */
export const CALLBACKS = ['status', 'recording', 'transcription', 'live', 'delivery'] as const;

/**
 * What the network asks of the product: `voice`, a document that somebody on the line waits for; `action`, the one after
 * a hang-up, which nobody will hear; `text`, a text that came in; and the callbacks.
 */
export const WEBHOOKS = ['voice', 'action', 'text', ...CALLBACKS] as const;

export type Callback = (typeof CALLBACKS)[number];
export type Webhook = (typeof WEBHOOKS)[number];

/** How many out of all, from 0 to 1. */
type Shares<Kind extends string> = Readonly<Partial<Record<Kind, number>>>;

/** What goes wrong on the network. Shares between 0 and 1 fall as the network's seed has it. */
export type Faults = {
  /** Never reach the product; for what somebody waits for, this is a connection that fails. */
  readonly lost?: Shares<Webhook>;
  /** Reach the product twice, at once, as one request that was tried again. */
  readonly twice?: Shares<Webhook>;
  /** Seconds, by the network's clock, after which callbacks are sent. */
  readonly late?: Readonly<Partial<Record<Callback, number>>>;
  /** Each callback comes by up to so many seconds later than it should, so that they overtake each other. */
  readonly shuffled?: number;
  /** Of the texts that the product sends, how many never reach anybody, as when a telephone is off for days. */
  readonly undelivered?: number;
  /** What the REST API does with a share of the requests, all of them where none is said. */
  readonly rest?: RestFault;
};

export type RestFault = {
  readonly share?: number;
  /** 429 and 500 do nothing; with `cut off` the request is carried out, and the connection ends before the answer. */
  readonly answer: 429 | 500 | 'cut off';
  /** Seconds, for 429. */
  readonly retryAfter?: number;
};

/** Whether one of `share` out of all is this one. Nothing is drawn where there is nothing to decide. */
export function strikes(random: Random, share = 0): boolean {
  if (share <= 0 || share >= 1) return share >= 1;
  return random.between(1, 1000) <= share * 1000;
}
