import type { CallStatus } from './events';
import { isLoopback } from './loopback';
import { type Random, seeded } from './random';

/** A leg of a call as the REST API knows it. */
export type Call = {
  readonly sid: string;
  readonly parentSid: string | null;
  readonly from: string;
  readonly to: string;
  readonly direction: 'inbound' | 'outbound-dial';
  readonly startedAt: Date;
  status: CallStatus;
  answeredAt: Date | null;
  endedAt: Date | null;
};

/** A recording as the REST API knows it; its audio is made when it is asked for. */
export type Recording = {
  readonly sid: string;
  readonly callSid: string;
  readonly startedAt: Date;
  /** Whole seconds. */
  readonly seconds: number;
  readonly words: string;
  status: 'processing' | 'completed' | 'absent';
};

export type Account = { readonly sid: string; readonly authToken: string };

export type NetworkSettings = {
  /** Where the product answers; loopback, or the network refuses to run. */
  readonly appUrl: string;
  readonly account: Account;
  /** With a seed every identifier and hesitation is the same each time. */
  readonly seed?: string;
};

/** One pretend phone network: whom it serves and what has happened on it. */
export type Network = {
  readonly appUrl: URL;
  readonly account: Account;
  /** Where the network's own REST API answers, without a slash at the end. */
  readonly apiUrl: string;
  readonly random: Random;
  readonly calls: Map<string, Call>;
  readonly recordings: Map<string, Recording>;
};

/** Throws when `address` is not on this machine: signed pretend calls must never reach a real line. */
export function loopbackOnly(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url !== null && isLoopback(url)) return url;
  throw new Error(
    `The simulator only calls a product on this machine, and APP_URL is ${address}. Set it to an address such as http://127.0.0.1:3000.`,
  );
}

/** A network on which nothing has happened yet; its REST API answers at `apiUrl`. */
export function createNetwork(settings: NetworkSettings, apiUrl: string): Network {
  return {
    appUrl: loopbackOnly(settings.appUrl),
    account: settings.account,
    apiUrl,
    random: seeded(settings.seed),
    calls: new Map(),
    recordings: new Map(),
  };
}

/** Whole seconds from being answered to the end, begun ones counted; 0 when nobody answered. */
export function secondsOf(call: Call): number {
  if (call.answeredAt === null || call.endedAt === null) return 0;
  return Math.ceil((call.endedAt.getTime() - call.answeredAt.getTime()) / 1000);
}
