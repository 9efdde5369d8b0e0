import { DOMParser, type Element, onWarningStopParsing } from '@xmldom/xmldom';
import type { Method } from './endpoint';
import { childrenOf, warningsIn } from './grammar';

/** What can be heard, also inside a Gather. */
export type Prompt =
  | { readonly verb: 'Say'; readonly text: string; readonly language: string; readonly loop: number }
  /** The sound at an address, or keys as they sound. */
  | { readonly verb: 'Play'; readonly url: string; readonly digits: string; readonly loop: number }
  | { readonly verb: 'Pause'; readonly length: number };

export type GatherVerb = {
  readonly verb: 'Gather';
  readonly prompts: readonly Prompt[];
  readonly action: string;
  readonly method: Method;
  readonly keys: boolean;
  readonly speech: boolean;
  /** Seconds without a key or a word. */
  readonly timeout: number;
  /** Seconds of silence after words. */
  readonly speechTimeout: number;
  readonly numDigits: number;
  readonly finishOnKey: string;
  readonly actionOnEmptyResult: boolean;
};

export type RecordVerb = {
  readonly verb: 'Record';
  readonly action: string;
  readonly method: Method;
  /** Seconds of silence that end it; 0 means none do. */
  readonly timeout: number;
  readonly finishOnKey: string;
  readonly maxLength: number;
  readonly playBeep: boolean;
  readonly trim: boolean;
  readonly recordingStatusCallback: Address | null;
  readonly recordingStatusCallbackEvents: readonly string[];
  readonly transcribe: boolean;
  readonly transcribeCallback: Address | null;
};

export type DialVerb = {
  readonly verb: 'Dial';
  readonly numbers: readonly NumberNoun[];
  /** One after the other instead of all at once. */
  readonly sequential: boolean;
  readonly action: string | null;
  readonly method: Method;
  readonly timeout: number;
  /** Seconds that the two may talk. */
  readonly timeLimit: number;
  readonly answerOnBridge: boolean;
  readonly callerId: string | null;
};

export type NumberNoun = {
  readonly number: string;
  /** What whoever picks up hears first. */
  readonly whisper: Address | null;
  readonly statusCallback: Address | null;
  readonly statusCallbackEvents: readonly string[];
};

export type TranscriptionNoun = {
  /** By which it is stopped before the call ends. */
  readonly name: string | null;
  readonly statusCallback: Address | null;
  readonly track: string;
  readonly inboundTrackLabel: string;
  readonly outboundTrackLabel: string;
  readonly languageCode: string;
  readonly engine: string;
  readonly speechModel: string;
  readonly partialResults: boolean;
};

export type Verb =
  | Prompt
  | GatherVerb
  | RecordVerb
  | DialVerb
  | { readonly verb: 'Redirect'; readonly url: string; readonly method: Method }
  | { readonly verb: 'Hangup' }
  | { readonly verb: 'Reject'; readonly reason: 'rejected' | 'busy' }
  | { readonly verb: 'Start'; readonly transcriptions: readonly TranscriptionNoun[] }
  | { readonly verb: 'Stop'; readonly names: readonly string[] }
  /** One that nobody knows; the document's warnings name it. */
  | { readonly verb: 'unknown' };

/** Where a document sends something, as written: perhaps relative to the document. */
export type Address = { readonly url: string; readonly method: Method };

/** A document as its verbs, defaults filled in, and what in it is passed over, one line each. */
export type Twiml = { readonly verbs: readonly Verb[]; readonly warnings: readonly string[] };

/** Reads a document. Throws when it is no well-formed `<Response>`. */
export function parseTwiml(source: string): Twiml {
  const response = parseResponse(source);
  return { verbs: childrenOf(response).map(readVerb), warnings: warningsIn(response) };
}

/** Reads the answer to a text: the texts that are sent back. Throws when it is no well-formed `<Response>`. */
export function parseReplies(source: string): readonly string[] {
  const messages = childrenOf(parseResponse(source)).filter(({ tagName }) => tagName === 'Message');
  return messages.map((message) => {
    const body = childrenOf(message).find(({ tagName }) => tagName === 'Body');
    return (body ?? message).textContent?.trim() ?? '';
  });
}

function parseResponse(source: string): Element {
  // The parser lets a bare ampersand pass; XML does not.
  if (/&(?!(#\d+|#x[\da-f]+|\w+);)/i.test(source.replace(/<!\[CDATA\[.*?\]\]>/gs, ''))) {
    throw new Error('an ampersand that is not written &amp;');
  }
  const parser = new DOMParser({ onError: onWarningStopParsing });
  const root = parser.parseFromString(source, 'text/xml').documentElement;
  if (root?.tagName !== 'Response') throw new Error('the root element is not <Response>');
  return root;
}

/** Attributes that are missing or empty where Twilio ignores the empty; `finishOnKey=""` alone means something. */
class Attributes {
  constructor(private readonly element: Element) {}
  text(name: string): string | null {
    return this.element.getAttribute(name) || null;
  }
  evenEmpty(name: string): string | null {
    return this.element.getAttribute(name);
  }
  number(name: string, otherwise: number): number {
    const value = Number(this.text(name) ?? Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : otherwise;
  }
  is(name: string, otherwise: boolean): boolean {
    const value = this.text(name);
    return value === null ? otherwise : value === 'true';
  }
  method(name = 'method'): Method {
    return this.text(name)?.toUpperCase() === 'GET' ? 'GET' : 'POST';
  }
  callback(name: string, method?: string): Address | null {
    const url = this.text(name);
    return url === null ? null : { url, method: method === undefined ? 'POST' : this.method(method) };
  }
}

function readVerb(element: Element): Verb {
  const attributes = new Attributes(element);
  switch (element.tagName) {
    case 'Say':
      return {
        verb: 'Say',
        text: textOf(element),
        language: attributes.text('language') ?? 'en-US',
        loop: attributes.number('loop', 1),
      };
    case 'Play':
      return {
        verb: 'Play',
        url: textOf(element),
        digits: attributes.text('digits') ?? '',
        loop: attributes.number('loop', 1),
      };
    case 'Pause':
      return { verb: 'Pause', length: attributes.number('length', 1) };
    case 'Gather':
      return readGather(element, attributes);
    case 'Record':
      return readRecord(attributes);
    case 'Dial':
      return readDial(element, attributes);
    case 'Redirect':
      return { verb: 'Redirect', url: textOf(element), method: attributes.method() };
    case 'Hangup':
      return { verb: 'Hangup' };
    case 'Reject':
      return { verb: 'Reject', reason: attributes.text('reason') === 'busy' ? 'busy' : 'rejected' };
    case 'Start':
      return { verb: 'Start', transcriptions: childrenOf(element).filter(isTranscription).map(readTranscription) };
    case 'Stop':
      return {
        verb: 'Stop',
        names: childrenOf(element)
          .filter(isTranscription)
          .map((noun) => noun.getAttribute('name') ?? ''),
      };
    default:
      return { verb: 'unknown' };
  }
}

function readGather(element: Element, attributes: Attributes): GatherVerb {
  const input = (attributes.text('input') ?? 'dtmf').split(/\s+/);
  const timeout = attributes.number('timeout', 5);
  return {
    verb: 'Gather',
    prompts: childrenOf(element).map(readVerb).filter(isPrompt),
    action: attributes.text('action') ?? '',
    method: attributes.method(),
    keys: input.includes('dtmf'),
    speech: input.includes('speech'),
    timeout,
    // Twilio decides for itself with "auto"; a breath of one second stands for that.
    speechTimeout: attributes.text('speechTimeout') === 'auto' ? 1 : attributes.number('speechTimeout', timeout),
    numDigits: attributes.number('numDigits', Number.POSITIVE_INFINITY),
    finishOnKey: attributes.evenEmpty('finishOnKey') ?? '#',
    actionOnEmptyResult: attributes.is('actionOnEmptyResult', false),
  };
}

function readRecord(attributes: Attributes): RecordVerb {
  const transcribeCallback = attributes.callback('transcribeCallback');
  // Naming where the words go asks for them.
  const transcribe = attributes.is('transcribe', transcribeCallback !== null);
  return {
    verb: 'Record',
    action: attributes.text('action') ?? '',
    method: attributes.method(),
    timeout: attributes.number('timeout', 5),
    finishOnKey: attributes.evenEmpty('finishOnKey') ?? '1234567890*#',
    maxLength: attributes.number('maxLength', transcribe ? 120 : 3600),
    playBeep: attributes.is('playBeep', true),
    trim: attributes.text('trim') !== 'do-not-trim',
    recordingStatusCallback: attributes.callback('recordingStatusCallback', 'recordingStatusCallbackMethod'),
    recordingStatusCallbackEvents: (attributes.text('recordingStatusCallbackEvent') ?? 'completed').split(/[\s,]+/),
    transcribe,
    transcribeCallback,
  };
}

function readDial(element: Element, attributes: Attributes): DialVerb {
  const nouns = childrenOf(element).filter((child) => child.tagName === 'Number');
  const plain = textOf(element);
  return {
    verb: 'Dial',
    numbers: nouns.length > 0 ? nouns.map(readNumber) : plain === '' ? [] : [plainNumber(plain)],
    sequential: attributes.is('sequential', false),
    action: attributes.text('action'),
    method: attributes.method(),
    timeout: Math.min(600, Math.max(5, attributes.number('timeout', 30))),
    timeLimit: attributes.number('timeLimit', 14_400),
    answerOnBridge: attributes.is('answerOnBridge', false),
    callerId: attributes.text('callerId'),
  };
}

function readNumber(element: Element): NumberNoun {
  const attributes = new Attributes(element);
  return {
    number: textOf(element),
    whisper: attributes.callback('url', 'method'),
    statusCallback: attributes.callback('statusCallback', 'statusCallbackMethod'),
    statusCallbackEvents: (attributes.text('statusCallbackEvent') ?? 'completed').split(/[\s,]+/),
  };
}

function plainNumber(number: string): NumberNoun {
  return { number, whisper: null, statusCallback: null, statusCallbackEvents: [] };
}

function isPrompt(verb: Verb): verb is Prompt {
  return verb.verb === 'Say' || verb.verb === 'Play' || verb.verb === 'Pause';
}

const isTranscription = ({ tagName }: Element) => tagName === 'Transcription';

function readTranscription(element: Element): TranscriptionNoun {
  const attributes = new Attributes(element);
  return {
    name: attributes.text('name'),
    statusCallback: attributes.callback('statusCallbackUrl', 'statusCallbackMethod'),
    track: attributes.text('track') ?? 'both_tracks',
    inboundTrackLabel: attributes.text('inboundTrackLabel') ?? '',
    outboundTrackLabel: attributes.text('outboundTrackLabel') ?? '',
    languageCode: attributes.text('languageCode') ?? 'en-US',
    engine: attributes.text('transcriptionEngine') ?? 'google',
    speechModel: attributes.text('speechModel') ?? 'telephony',
    partialResults: attributes.is('partialResults', false),
  };
}

/** The text with its blanks as one; marks for the voice inside it (`<break/>`, `<emphasis>`) are not spoken. */
function textOf(element: Element): string {
  return (element.textContent ?? '').replace(/\s+/g, ' ').trim();
}
