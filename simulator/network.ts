import type { Endpoint, Method } from './endpoint';
import type { CallStatus } from './events';
import type { Faults } from './faults';
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
  status: 'processing' | 'completed' | 'absent' | 'deleted';
};

/** The words of a recording, as the REST API knows them. */
export type Transcription = {
  readonly sid: string;
  readonly recordingSid: string;
  readonly madeAt: Date;
  /** Whole seconds. */
  readonly seconds: number;
  readonly text: string;
  readonly status: 'completed' | 'failed';
};

/** A text as the REST API knows it. */
export type Text = {
  readonly sid: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  readonly from: string;
  readonly to: string;
  readonly madeAt: Date;
  /** Where it is told how the text fares. */
  readonly statusCallback: Endpoint | null;
  body: string;
  status: 'received' | 'queued' | 'sent' | 'delivered' | 'undelivered';
  sentAt: Date | null;
  errorCode: number | null;
};

/** Where a number sends what comes in. */
export type Target = { readonly url: string; readonly method: Method };

/** A number of the account. */
export type PhoneNumber = {
  readonly sid: string;
  /** E.164. */
  readonly number: string;
  readonly boughtAt: Date;
  friendlyName: string;
  voice: Target;
  voiceFallback: Target;
  statusCallback: Target;
  text: Target;
};

export type Account = { readonly sid: string; readonly authToken: string };

/** A number, whose it is, and the IANA zone there. */
export type PhoneLine = { readonly number: string; readonly name: string; readonly zone: string };

export type NetworkSettings = {
  /** Where the product answers; loopback, or the network refuses to run. */
  readonly appUrl: string;
  readonly account: Account;
  /** Numbers that the account has from the start, and where they are. */
  readonly lines?: readonly PhoneLine[];
  /** With a seed every identifier and hesitation is the same each time. */
  readonly seed?: string;
  /** Where numbers turn, by GET, when the product gives nothing to go on; the product's own address for that, if not said. */
  readonly voiceFallback?: string;
};

/** One pretend phone network: whom it serves and what has happened on it. */
export type Network = {
  readonly appUrl: URL;
  readonly account: Account;
  /** Where the network's own REST API answers, without a slash at the end. */
  readonly apiUrl: string;
  readonly random: Random;
  readonly voiceFallback: Target;
  readonly calls: Map<string, Call>;
  readonly recordings: Map<string, Recording>;
  readonly transcriptions: Map<string, Transcription>;
  readonly texts: Map<string, Text>;
  /** Who wants no more texts from which number of the account, as `from to`. */
  readonly stopped: Set<string>;
  /** Those whom the phone page offers to call. */
  readonly lines: readonly PhoneLine[];
  /** The account's numbers, by number. */
  readonly numbers: Map<string, PhoneNumber>;
  faults: Faults;
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
  const { lines = [] } = settings;
  const network: Network = {
    appUrl: loopbackOnly(settings.appUrl),
    account: settings.account,
    apiUrl,
    random: seeded(settings.seed),
    voiceFallback:
      settings.voiceFallback === undefined
        ? { url: new URL('/api/twilio/voice/fallback', settings.appUrl).href, method: 'POST' }
        : { url: loopbackOnly(settings.voiceFallback).href, method: 'GET' },
    calls: new Map(),
    recordings: new Map(),
    transcriptions: new Map(),
    texts: new Map(),
    stopped: new Set(),
    lines,
    numbers: new Map(),
    faults: {},
  };
  for (const { number, name } of lines) numberAt(network, number, new Date()).friendlyName = name;
  return network;
}

/** The account's number; one that is used for the first time is bought at that moment, and leads to the product. */
export function numberAt(network: Network, number: string, now: Date): PhoneNumber {
  const known = network.numbers.get(number);
  if (known !== undefined) return known;
  const target = (path: string): Target => ({ url: new URL(path, network.appUrl).href, method: 'POST' });
  const bought: PhoneNumber = {
    sid: network.random.sid('PN'),
    number,
    boughtAt: now,
    friendlyName: number,
    voice: target('/api/twilio/voice'),
    voiceFallback: network.voiceFallback,
    statusCallback: target('/api/twilio/voice/status'),
    text: target('/api/twilio/messages'),
  };
  network.numbers.set(number, bought);
  return bought;
}

/** Whole seconds from being answered to the end, begun ones counted; 0 when nobody answered. */
export function secondsOf(call: Call): number {
  if (call.answeredAt === null || call.endedAt === null) return 0;
  return Math.ceil((call.endedAt.getTime() - call.answeredAt.getTime()) / 1000);
}
