/** Twilio: whether a request is really from it, our instructions in its language, and the parts of its REST API we use. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import MessagingResponse from 'twilio/lib/twiml/MessagingResponse';
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse';
import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks';
import { env, isLoopback } from '@/lib/platform/env';
import { pathOf, queryOf } from '@/lib/rules/call-address';
import type { Instruction, Say } from '@/lib/rules/instructions';

/** A request as signed: the full address that Twilio called, and its form fields or its raw body where it sent JSON. */
export type SignedRequest = {
  readonly url: string;
  readonly signature: string;
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
};

/**
 * Whether one of the tokens made the signature (X-Twilio-Signature, HMAC-SHA1 over address and fields; with
 * `bodySHA256` in the address also over the body).
 */
export function isSignedByTwilio({ url, signature, fields, body }: SignedRequest, tokens: readonly string[]): boolean {
  if (signature === '' || !URL.canParse(url)) return false;
  return tokens.some((token) =>
    body === undefined
      ? validateRequest(token, signature, url, { ...fields })
      : validateRequestWithBody(token, signature, url, body),
  );
}

/**
 * The moment a request claims to come from, where the pretend phone network may say so: both ends on this machine, and
 * the claim made with an auth token for this very request. Anywhere else, and for any other claim, `null`.
 */
export function virtualNow(claim: string | null, signature: string): Date | null {
  if (!claim || !isLoopback(env().APP_URL) || !isLoopback(env().TWILIO_API_BASE_URL)) return null;
  const [time = '', code = ''] = claim.split(';');
  const given = Buffer.from(code, 'hex');
  const isMadeWith = (token: string) => {
    const expected = createHmac('sha256', token).update(`${time}|${signature}`).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  if (!env().TWILIO_AUTH_TOKEN.some(isMadeWith)) return null;
  const moment = new Date(time);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** What answers a text that came in, as TwiML; with `null`, nothing does. */
export function toMessageTwiml(text: string | null): string {
  const response = new MessagingResponse();
  if (text !== null) response.message(text);
  return response.toString();
}

/** Where both kinds of transcript are told of. */
const transcriptionCallback = '/api/twilio/transcription';

/** Instructions as TwiML, XML that the network reads top to bottom. */
export function toTwiml(instructions: readonly Instruction[]): string {
  const response = new VoiceResponse();
  for (const instruction of instructions) append(response, instruction);
  return response.toString();
}

function append(response: VoiceResponse, instruction: Instruction): void {
  switch (instruction.verb) {
    case 'say':
      say(response, instruction);
      return;
    case 'gather': {
      const { verb, says, action, input, hints, language, ...attributes } = instruction;
      const gather = response.gather({
        ...attributes,
        language: language as 'en-US',
        input: input === 'dtmf' ? ['dtmf'] : ['dtmf', 'speech'],
        action: pathOf(action),
        ...(hints.length > 0 && { hints: hints.join(', ') }),
      });
      for (const line of says) say(gather, line);
      return;
    }
    case 'record': {
      const { verb, action, transcribe, ...attributes } = instruction;
      response.record({
        ...attributes,
        action: pathOf(action),
        // With the step: where the request that ends the recording does not reach us, an urgent message is still one.
        recordingStatusCallback: `/api/twilio/recording?${queryOf(action.place)}`,
        ...(transcribe && { transcribe, transcribeCallback: transcriptionCallback }),
      });
      return;
    }
    case 'start_transcription':
      response.start().transcription({
        name: instruction.name,
        track: 'inbound_track', // what we say ourselves is known
        languageCode: instruction.language,
        statusCallbackUrl: `${env().APP_URL}${transcriptionCallback}`, // relative ones are not resolved here
      });
      return;
    case 'stop_transcription':
      response.stop().transcription({ name: instruction.name });
      return;
    case 'dial': {
      const { verb, numbers, action, callerId, ...attributes } = instruction;
      const dial = response.dial({ ...attributes, action: pathOf(action), ...(callerId && { callerId }) });
      for (const { number, whisper } of numbers) dial.number({ url: pathOf(whisper) }, number);
      return;
    }
    case 'redirect':
      response.redirect(pathOf(instruction.to));
      return;
    case 'hangup':
      response.hangup();
      return;
    case 'reject':
      response.reject({ reason: instruction.reason });
  }
}

const say = (into: Pick<VoiceResponse, 'say'>, { text, language }: Say) =>
  void into.say({ language: language as 'en-US' }, text);
