import { answer, ask, confidenceOf, hear, type Leg, resolve, type Step, speakingSeconds, wait } from './leg';
import type { Parameters } from './requests';
import type { CallerAct } from './script';
import { overhear } from './transcription';
import type { GatherVerb } from './twiml';

/** No single answer is listened to for longer. */
const LONGEST_SPEECH_SECONDS = 60;

/** Plays the prompts, listens, and hands what was said or pressed to the action; without an answer goes on. */
export async function gather(leg: Leg, verb: GatherVerb, page: URL): Promise<Step> {
  answer(leg);
  for (const prompt of verb.prompts) await hear(leg, prompt, page);
  const act = await ask(leg, {
    ...{ for: 'answer', keys: verb.keys, speech: verb.speech },
    digits: Number.isFinite(verb.numDigits) ? verb.numDigits : null,
  });

  const input = await listen(leg, verb, act);
  if (input === null && !verb.actionOnEmptyResult) return 'next';
  return { url: resolve(verb.action, page), method: verb.method, extra: input ?? { msg: 'Gather End' } };
}

/** What the action is told, or null when nothing came that this Gather listens for. */
async function listen(leg: Leg, verb: GatherVerb, act: CallerAct): Promise<Parameters | null> {
  if (typeof act === 'object' && 'press' in act && verb.keys) {
    const { digits, finishedOnKey, open } = pressed(act.press, verb);
    await wait(leg, open ? 1 + verb.timeout : 1);
    return digits === '' ? null : { Digits: digits, FinishedOnKey: finishedOnKey, msg: 'Gather End' };
  }
  if (typeof act === 'object' && 'say' in act && act.say.trim() !== '') {
    const seconds = Math.min(LONGEST_SPEECH_SECONDS, act.seconds ?? speakingSeconds(act.say));
    await wait(leg, verb.speech ? seconds + verb.speechTimeout : Math.max(seconds, verb.timeout));
    const confidence = confidenceOf(leg, act);
    await overhear(leg, 'inbound_track', act.say, confidence);
    if (!verb.speech) return null;
    return { SpeechResult: act.say, Confidence: String(confidence), msg: 'Gather End' };
  }
  await wait(leg, verb.timeout);
  return null;
}

/** The digits that count, the key that ended them ('' for none), and whether Twilio still waits for more. */
function pressed(keys: string, verb: GatherVerb): { digits: string; finishedOnKey: string; open: boolean } {
  let digits = '';
  for (const key of keys) {
    if (verb.finishOnKey.includes(key)) return { digits, finishedOnKey: digits === '' ? '' : key, open: false };
    digits += key;
    if (digits.length >= verb.numDigits) return { digits, finishedOnKey: '', open: false };
  }
  return { digits, finishedOnKey: '', open: true };
}
