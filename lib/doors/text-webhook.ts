/** The door for what Twilio says about texts: the same signature, and no caller who waits. */
import { after } from 'next/server';
import { enterByNumber } from '@/lib/platform/enter';
import { TooMany, Uncounted } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { countTry } from '@/lib/platform/rate-limit';
import { toMessageTwiml } from '@/lib/platform/twilio';
import type { Line, Visit } from '@/lib/platform/visit';
import { textAnswers } from '@/lib/rules/limits';
import { originOf } from './origin';
import { tellOfUnopened } from './unopened';
import { numbered, plain, receive, route, runWanted } from './webhook';

type Fields = Readonly<Record<string, string>>;

/** A text that came in: `run` says what to answer, if anything. Two programs that answer each other stop at one a day. */
export function incomingText(spec: { readonly run: (visit: Visit<Line>, fields: Fields) => Promise<string | null> }) {
  return numbered(async (incoming) => {
    const received = await receive(incoming);
    if (received instanceof Response) return received;
    const { request, at } = received;
    const { To = '', From = '' } = request.fields;
    try {
      const answer = await enterByNumber(To, originOf(incoming.headers), at, (visit) =>
        spec.run(visit, request.fields),
      );
      runWanted();
      return twiml(answer !== null && (await isFirstToday(`${To} ${From}`)) ? answer : null);
    } catch (error) {
      log.error({ event: 'webhook.failed', route: route(incoming), error });
      after(() => tellOfUnopened(error));
      return plain(503, 'Try again later.');
    }
  });
}

/** What became of a text of ours. */
export function textCallback(spec: {
  readonly run: (
    visit: Visit<Line>,
    news: { readonly fields: Fields; readonly query: URLSearchParams },
  ) => Promise<void>;
}) {
  return numbered(async (incoming) => {
    const received = await receive(incoming);
    if (received instanceof Response) return received;
    const { request, at } = received;
    try {
      await enterByNumber(request.fields.From ?? '', originOf(incoming.headers), at, (visit) =>
        spec.run(visit, request),
      );
      runWanted();
    } catch (error) {
      log.error({ event: 'webhook.failed', route: route(incoming), error });
      after(() => tellOfUnopened(error));
      return plain(503, 'Try again later.');
    }
    return new Response(null, { status: 204 });
  });
}

/** Where nobody can count, nobody is answered. */
async function isFirstToday(subject: string): Promise<boolean> {
  try {
    await countTry(textAnswers, subject);
    return true;
  } catch (error) {
    if (error instanceof TooMany || error instanceof Uncounted) return false;
    throw error;
  }
}

const twiml = (answer: string | null) =>
  new Response(toMessageTwiml(answer), {
    headers: { 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-store' },
  });
