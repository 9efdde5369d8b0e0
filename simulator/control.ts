import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { placeCall } from './call';
import type { CallEvent, CompletedCall } from './events';
import { CALLBACKS, type Faults, WEBHOOKS } from './faults';
import { momentOf } from './moment';
import type { Network } from './network';
import type { Caller, CallerAct, Listener } from './script';
import { sendText } from './text';

const keys = z.string().regex(/^[\d*#]+$/, 'keys are 0-9, * and #');
const seconds = z.number().positive().optional();
const confidence = z.number().min(0).max(1).optional();
const act = z.union([
  z.literal('silence'),
  z.literal('hang up'),
  z.strictObject({ press: keys }),
  z.strictObject({ say: z.string(), seconds, confidence }),
]);
/** What is done on the phone: an act, or, by a caller who listens, that what was said has been heard. */
const done = z.union([act, z.literal('heard')]);
const leaveMessage = z.strictObject({ message: z.string(), seconds, confidence, after: act.optional() });

const wantedCall = z.strictObject({
  to: z.string().min(1),
  from: z.string().min(1),
  at: z
    .union([z.iso.datetime({ offset: true }), z.strictObject({ moment: z.string(), zone: z.string() })])
    .transform((at, context) => {
      try {
        return typeof at === 'string' ? new Date(at) : momentOf(at.moment, at.zone, new Date());
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
        return z.NEVER;
      }
    })
    .optional(),
  script: z.union([z.array(z.union([act, leaveMessage])), z.literal('interactive')]),
  listens: z.boolean().optional(),
  hangUpAfter: z.number().positive().optional(),
  people: z.record(z.string(), z.enum(['press 1', 'say nothing', 'busy', 'no answer'])).optional(),
  place: z
    .strictObject({
      city: z.string().optional(),
      state: z.string().optional(),
      zip: z.string().optional(),
      country: z.string().optional(),
    })
    .optional(),
  stirVerstat: z.string().optional(),
});

const share = z.number().min(0).max(1);
const late = z.number().nonnegative();
const faults = z.strictObject({
  lost: z.partialRecord(z.enum(WEBHOOKS), share).optional(),
  twice: z.partialRecord(z.enum(WEBHOOKS), share).optional(),
  late: z.partialRecord(z.enum(CALLBACKS), late).optional(),
  shuffled: late.optional(),
  undelivered: share.optional(),
  rest: z
    .strictObject({
      share: share.optional(),
      answer: z.union([z.literal(429), z.literal(500), z.literal('cut off')]),
      retryAfter: z.int().positive().optional(),
    })
    .optional(),
}) satisfies z.ZodType<Faults>;

const wantedText = z.strictObject({
  to: z.string().min(1),
  from: z.string().min(1),
  body: z.string().min(1).max(1600),
});

/**
 * A call as it is asked for over HTTP: the moment in ISO-8601 or as people say it (moment.ts), the script a list or left
 * to whoever holds the phone. Of one who listens each thing that is said waits until they have heard it, or hang up.
 */
export type WantedCall = z.input<typeof wantedCall>;

/** One line of the answer to a call that was asked for. */
export type ControlLine =
  | { readonly event: CallEvent }
  | { readonly completed: CompletedCall }
  | { readonly problem: string };

/** Where calls are placed, and, below it, where an interactive one is told what its caller does. */
export const CALLS_PATH = '/simulator/calls';
/** Where it is said what goes wrong from now on. */
export const FAULTS_PATH = '/simulator/faults';
/** Where texts are sent from and read. */
export const TEXTS_PATH = '/simulator/texts';

/** The network's own small API: place a call and follow it line by line; act in one that waits for its caller. */
export function controlRoom(network: Network) {
  const waiting = new Map<string, (act: CallerAct) => void>();
  const speaking = new Map<string, (stays: boolean) => void>();

  /** POST /simulator/calls: newline-delimited JSON until the call and its callbacks are over. */
  async function callWanted(body: unknown, response: ServerResponse): Promise<void> {
    const wanted = wantedCall.safeParse(body);
    if (!wanted.success) {
      refuse(response, 400, z.prettifyError(wanted.error));
      return;
    }
    const write = (line: ControlLine) => response.write(`${JSON.stringify(line)}\n`);
    let callSid = '';
    let gone = false;
    const byHand: Caller = () =>
      new Promise((resolve) => {
        if (gone) resolve('hang up');
        else waiting.set(callSid, resolve);
      });
    const listener: Listener = () =>
      new Promise((resolve) => {
        if (gone) resolve(false);
        else speaking.set(callSid, resolve);
      });
    // Whoever lets go of the connection has hung up.
    response.on('close', () => {
      gone = true;
      waiting.get(callSid)?.('hang up');
      speaking.get(callSid)?.(false);
      waiting.delete(callSid);
      speaking.delete(callSid);
    });
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    try {
      const { script, listens, ...rest } = wanted.data;
      const call = {
        ...{ ...rest, script: script === 'interactive' ? byHand : script },
        ...(listens === true && { listener }),
      };
      const completed = await placeCall(network, call, (event) => {
        if (event.type === 'ringing') callSid = event.callSid;
        write({ event });
      });
      write({ completed });
    } catch (error) {
      write({ problem: error instanceof Error ? error.message : String(error) });
    }
    response.end();
  }

  /** POST /simulator/calls/{CallSid}/acts: what the caller does now. */
  function acted(callSid: string, body: unknown, response: ServerResponse): void {
    const wanted = done.safeParse(body);
    const [speaks, waits] = [speaking.get(callSid), waiting.get(callSid)];
    if (!wanted.success) refuse(response, 400, z.prettifyError(wanted.error));
    else if (speaks !== undefined && (wanted.data === 'heard' || wanted.data === 'hang up')) {
      speaking.delete(callSid);
      speaks(wanted.data === 'heard');
      response.writeHead(204).end();
    } else if (waits !== undefined && wanted.data !== 'heard') {
      waiting.delete(callSid);
      waits(wanted.data);
      response.writeHead(204).end();
    } else refuse(response, 409, 'That call waits for nobody.');
  }

  /** PUT /simulator/faults: what goes wrong from now on; `{}` for nothing. */
  function faultsWanted(body: unknown, response: ServerResponse): void {
    const wanted = faults.safeParse(body);
    if (!wanted.success) {
      refuse(response, 400, z.prettifyError(wanted.error));
      return;
    }
    network.faults = wanted.data;
    response.writeHead(204).end();
  }

  /** POST /simulator/texts: somebody writes; answered when the product and the network have answered them. */
  async function textWanted(body: unknown, response: ServerResponse): Promise<void> {
    const wanted = wantedText.safeParse(body);
    if (wanted.success) give(response, await sendText(network, wanted.data));
    else refuse(response, 400, z.prettifyError(wanted.error));
  }

  /** GET /simulator/texts: what has been written on the network, oldest first. */
  function textsWanted(response: ServerResponse): void {
    const texts = [...network.texts.values()];
    give(
      response,
      texts.map(({ sid, from, to, body, status, madeAt }) => ({ sid, from, to, body, status, at: madeAt })),
    );
  }

  return { callWanted, acted, faultsWanted, textWanted, textsWanted };
}

function give(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
}
