/** What Twilio has of an account: its calls and recordings since a moment, page by page, and the words of a recording. */
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { env } from '@/lib/platform/env';
import { answered, TwilioError } from '@/lib/platform/twilio-api';

/** The most that Twilio gives at a time. */
const PAGE_SIZE = 1000;

const moment = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()));
const wholeSeconds = z
  .string()
  .nullish()
  .transform((text) => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : 0));
const sid = (kind: string) => z.string().regex(new RegExp(`^${kind}[0-9a-f]{32}$`));
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const call = z
  .object({
    sid: sid('CA'),
    from: text,
    to: text,
    direction: text,
    status: text,
    caller_name: text,
    duration: wholeSeconds,
    start_time: moment.nullable(),
    end_time: moment.nullable(),
  })
  .transform(({ caller_name, duration, start_time, end_time, ...rest }) => ({
    ...rest,
    callerName: caller_name,
    /** From the answer on. */
    seconds: duration,
    /** `null` while it waits to begin; and until it is over. */
    startedAt: start_time,
    endedAt: end_time,
  }));
const recording = z
  .object({ sid: sid('RE'), call_sid: sid('CA'), status: text, duration: wholeSeconds, date_created: moment })
  .transform(({ call_sid, duration, date_created, ...rest }) => ({
    ...rest,
    callSid: call_sid,
    seconds: duration,
    createdAt: date_created,
  }));
const transcription = z
  .object({ sid: sid('TR'), status: text, transcription_text: text })
  .transform(({ transcription_text, ...rest }) => ({ ...rest, text: transcription_text }));

/** A leg of a call, whoever placed it. Statuses and directions are Twilio's words. */
export type TwilioCall = z.output<typeof call>;
export type TwilioRecording = z.output<typeof recording>;
export type TwilioTranscription = z.output<typeof transcription>;

/** Calls that began at that moment or later, the newest first. @throws TwilioError */
export const callsSince = (since: Date): AsyncIterable<readonly TwilioCall[]> =>
  pages('/Calls.json', { 'StartTime>': since }, 'calls', call);

/** Recordings made at that moment or later and not deleted since, the newest first. @throws TwilioError */
export const recordingsSince = (since: Date): AsyncIterable<readonly TwilioRecording[]> =>
  pages('/Recordings.json', { 'DateCreated>': since }, 'recordings', recording);

/** What was made out of a recording, finished or not. @throws TwilioError */
export async function transcriptionsOf(recordingSid: string): Promise<readonly TwilioTranscription[]> {
  const found: TwilioTranscription[] = [];
  const path = `/Recordings/${sid('RE').parse(recordingSid)}/Transcriptions.json`;
  try {
    for await (const page of pages(path, {}, 'transcriptions', transcription)) found.push(...page);
  } catch (error) {
    // Deleted since it was listed.
    if (!(error instanceof TwilioError && error.code === 'status_404')) throw error;
  }
  return found;
}

async function* pages<T>(
  path: string,
  since: Readonly<Record<string, Date>>,
  name: string,
  one: z.ZodType<T>,
): AsyncIterable<readonly T[]> {
  const body = z.object({ [name]: z.array(one), next_page_uri: z.string().nullish() }).transform((page) => ({
    items: page[name] as readonly T[],
    next: page.next_page_uri as string | null | undefined,
  }));
  const query = new URLSearchParams({ PageSize: String(PAGE_SIZE) });
  // To the second: Twilio writes no smaller parts of a moment.
  for (const [field, date] of Object.entries(since)) query.set(field, `${date.toISOString().slice(0, 19)}Z`);
  let next: string | null = `${path}?${query}`;
  while (next !== null) {
    const page: z.output<typeof body> = body.parse(await readPatiently(next));
    yield page.items;
    next = page.next ? pathOfNext(page.next, path) : null;
  }
}

/** Twilio gives the address of the next page, from its root on: it must be the next one of this list, and nothing else. */
function pathOfNext(uri: string, path: string): string {
  const account = `/2010-04-01/Accounts/${env().TWILIO_ACCOUNT_SID}`;
  if (!uri.startsWith(`${account}${path}?`)) throw new TwilioError('odd_next_page');
  return uri.slice(account.length);
}

const MOST_TRIES = 4;
/** Seconds: whoever asks for more is asked again by the next run. */
const LONGEST_WAIT = 30;

/** Asks again where Twilio has too much to do or a bad moment, or the network broke off: a list is only read. */
async function readPatiently(path: string): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await answered(path);
    } catch (error) {
      const wait = error instanceof TwilioError ? error.waitSeconds : 0;
      const isFinal = error instanceof TwilioError && !/^status_(?:429|5\d\d)$/.test(error.code);
      if (isFinal || tries === MOST_TRIES || wait > LONGEST_WAIT) throw error;
      await setTimeout(1000 * Math.max(wait, Math.random() * 2 ** (tries - 1)));
    }
  }
}
