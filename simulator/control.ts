import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { placeCall } from './call';
import type { CallEvent, CompletedCall } from './events';
import type { Network } from './network';
import type { Caller, CallerAct } from './script';

const keys = z.string().regex(/^[\d*#]+$/, 'keys are 0-9, * and #');
const seconds = z.number().positive().optional();
const act = z.union([
  z.literal('silence'),
  z.literal('hang up'),
  z.strictObject({ press: keys }),
  z.strictObject({ say: z.string(), seconds }),
]);
const leaveMessage = z.strictObject({ message: z.string(), seconds, after: act.optional() });

const wantedCall = z.strictObject({
  to: z.string().min(1),
  from: z.string().min(1),
  at: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  script: z.union([z.array(z.union([act, leaveMessage])), z.literal('interactive')]),
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

/** A call as it is asked for over HTTP: the moment in ISO-8601, the script a list or left to whoever holds the phone. */
export type WantedCall = z.input<typeof wantedCall>;

/** One line of the answer to a call that was asked for. */
export type ControlLine =
  | { readonly event: CallEvent }
  | { readonly completed: CompletedCall }
  | { readonly problem: string };

/** Where calls are placed, and, below it, where an interactive one is told what its caller does. */
export const CALLS_PATH = '/simulator/calls';

/** The network's own small API: place a call and follow it line by line; act in one that waits for its caller. */
export function controlRoom(network: Network) {
  const waiting = new Map<string, (act: CallerAct) => void>();

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
    // Whoever lets go of the connection has hung up.
    response.on('close', () => {
      gone = true;
      waiting.get(callSid)?.('hang up');
      waiting.delete(callSid);
    });
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    try {
      const { script } = wanted.data;
      const call = { ...wanted.data, script: script === 'interactive' ? byHand : script };
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
    const done = act.safeParse(body);
    const resolve = waiting.get(callSid);
    if (!done.success) refuse(response, 400, z.prettifyError(done.error));
    else if (resolve === undefined) refuse(response, 409, 'That call waits for nobody.');
    else {
      waiting.delete(callSid);
      resolve(done.data);
      response.writeHead(204).end();
    }
  }

  return { callWanted, acted };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
}
