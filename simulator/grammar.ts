import type { Element } from '@xmldom/xmldom';

type Rule = { readonly attributes: readonly string[]; readonly inside: readonly string[] };

const PROMPTS = ['Say', 'Play', 'Pause'];
/** Marks for the voice, which are not looked into. */
const VOICE_MARKS = ['break', 'emphasis', 'lang', 'p', 'phoneme', 'prosody', 's', 'say-as', 'sub', 'w'];
const CALLBACK = (name: string) => [name, `${name}Event`, `${name}Method`];

/** What may stand in what, with which attributes: as much of TwiML as this network speaks. */
const GRAMMAR: Readonly<Record<string, Rule>> = {
  Response: {
    attributes: [],
    inside: [...PROMPTS, 'Gather', 'Record', 'Dial', 'Redirect', 'Hangup', 'Reject', 'Start', 'Stop'],
  },
  Say: { attributes: ['language', 'loop', 'voice'], inside: VOICE_MARKS },
  Play: { attributes: ['digits', 'loop'], inside: [] },
  Pause: { attributes: ['length'], inside: [] },
  Gather: {
    attributes: [
      ...['action', 'actionOnEmptyResult', 'bargeIn', 'debug', 'enhanced', 'finishOnKey', 'hints', 'input', 'language'],
      ...['maxSpeechTime', 'method', 'numDigits', 'partialResultCallback', 'partialResultCallbackMethod'],
      ...['profanityFilter', 'speechModel', 'speechTimeout', 'timeout'],
    ],
    inside: PROMPTS,
  },
  Record: {
    attributes: [
      ...['action', 'finishOnKey', 'maxLength', 'method', 'playBeep', 'recordingConfigurationId'],
      ...[...CALLBACK('recordingStatusCallback'), 'timeout', 'transcribe', 'transcribeCallback', 'trim'],
    ],
    inside: [],
  },
  Dial: {
    attributes: [
      ...['action', 'answerOnBridge', 'callReason', 'callerId', 'events', 'hangupOnStar', 'method', 'passports'],
      ...['record', 'recordingConfigurationId', ...CALLBACK('recordingStatusCallback'), 'recordingTrack'],
      ...['referMethod', 'referUrl', 'ringTone', 'sequential', 'timeLimit', 'timeout', 'trim'],
    ],
    inside: ['Number'],
  },
  Number: {
    attributes: [
      ...['amdStatusCallback', 'amdStatusCallbackMethod', 'byoc', 'machineDetection', 'machineDetectionSilenceTimeout'],
      ...['machineDetectionSpeechEndThreshold', 'machineDetectionSpeechThreshold', 'machineDetectionTimeout'],
      ...['method', 'sendDigits', ...CALLBACK('statusCallback'), 'url'],
    ],
    inside: [],
  },
  Redirect: { attributes: ['method'], inside: [] },
  Hangup: { attributes: [], inside: [] },
  Reject: { attributes: ['reason'], inside: [] },
  Start: { attributes: ['action', 'method'], inside: ['Transcription'] },
  Stop: { attributes: [], inside: ['Transcription'] },
  Transcription: {
    attributes: [
      ...['conversationConfiguration', 'conversationId', 'enableAutomaticPunctuation', 'enableProviderData', 'hints'],
      ...['inboundTrackLabel', 'intelligenceService', 'languageCode', 'name', 'outboundTrackLabel', 'partialResults'],
      ...['profanityFilter', 'speechModel', 'statusCallbackMethod', 'statusCallbackUrl', 'track'],
      'transcriptionEngine',
    ],
    inside: [],
  },
};

const WHOLE_NUMBER = /^\d+$/;
const BOOLEAN = /^(true|false)$/;
const METHOD = /^(GET|POST)$/i;

/** How some attributes must be written, wherever they stand. */
const FORMS: Readonly<Record<string, RegExp>> = {
  actionOnEmptyResult: BOOLEAN,
  answerOnBridge: BOOLEAN,
  bargeIn: BOOLEAN,
  finishOnKey: /^[\d*#]*$/,
  hangupOnStar: BOOLEAN,
  input: /^(dtmf|speech|dtmf speech|speech dtmf)$/,
  length: WHOLE_NUMBER,
  loop: WHOLE_NUMBER,
  maxLength: WHOLE_NUMBER,
  method: METHOD,
  numDigits: WHOLE_NUMBER,
  partialResults: BOOLEAN,
  playBeep: BOOLEAN,
  reason: /^(rejected|busy)$/,
  recordingStatusCallbackMethod: METHOD,
  sequential: BOOLEAN,
  speechTimeout: /^(\d+|auto)$/,
  statusCallbackMethod: METHOD,
  timeLimit: WHOLE_NUMBER,
  timeout: WHOLE_NUMBER,
  track: /^(inbound_track|outbound_track|both_tracks)$/,
  transcribe: BOOLEAN,
};

/** What Twilio would warn of, one line each: it goes on without what it does not know. */
export function warningsIn(element: Element): string[] {
  const rule = GRAMMAR[element.tagName];
  if (rule === undefined) return [];
  const name = `<${element.tagName}>`;
  const attributes = Array.from(element.attributes).flatMap((attribute) => {
    if (!rule.attributes.includes(attribute.name)) return [`${name} has no attribute ${attribute.name}`];
    const isRight = FORMS[attribute.name]?.test(attribute.value) ?? true;
    return isRight ? [] : [`${attribute.name}="${attribute.value}" is not understood in ${name}`];
  });
  const children = childrenOf(element).flatMap((child) =>
    rule.inside.includes(child.tagName) ? warningsIn(child) : [`<${child.tagName}> cannot stand in ${name}`],
  );
  return [...attributes, ...children];
}

export function childrenOf(element: Element): Element[] {
  return Array.from(element.childNodes).filter((node): node is Element => node.nodeType === node.ELEMENT_NODE);
}
