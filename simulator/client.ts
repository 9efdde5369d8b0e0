import { type IncomingMessage, request } from 'node:http';
import type { ControlLine, WantedCall } from './control';
import type { CallEvent, CompletedCall } from './events';
import type { Caller, Script } from './script';
import type { SentText } from './text';

export type Credentials = { readonly accountSid: string; readonly authToken: string };

/** A call to place through a running simulator: the moment as a Date, the script a list or someone at a keyboard. */
export type ClientCall = Omit<WantedCall, 'at' | 'script'> & {
  readonly at?: Date;
  readonly script: Script | Caller;
};

/** The simulator cannot be reached, does not accept the credentials, or could not place the call. */
export class SimulatorError extends Error {
  constructor(
    readonly reason: 'unreachable' | 'refused' | 'broke off',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Places a call through the simulator at `baseUrl` and resolves when it and its callbacks are over.
 * `onEvent` hears of everything as it happens; a caller who is asked answers before the call goes on.
 * Rejects with a SimulatorError.
 */
export async function callThrough(
  baseUrl: string,
  credentials: Credentials,
  call: ClientCall,
  onEvent: (event: CallEvent) => void = () => {},
): Promise<CompletedCall> {
  const caller = typeof call.script === 'function' ? call.script : null;
  const wanted = { ...call, at: call.at?.toISOString(), script: caller === null ? call.script : 'interactive' };
  const stream = await post(baseUrl, '/simulator/calls', credentials, wanted);

  let callSid = '';
  for await (const line of linesOf(stream)) {
    if ('completed' in line) return line.completed;
    if ('problem' in line) throw new SimulatorError('broke off', line.problem);
    const { event } = line;
    onEvent(event);
    if (event.type === 'ringing') callSid = event.callSid;
    if (event.type === 'asked' && event.by === 'caller' && caller !== null) {
      const act = await caller(event);
      const answer = await post(baseUrl, `/simulator/calls/${callSid}/acts`, credentials, act).catch(() =>
        Promise.reject(brokeOff()),
      );
      answer.resume();
    }
  }
  throw brokeOff();
}

/** Writes a text through the simulator at `baseUrl`, and gives what was written back. Rejects with a SimulatorError. */
export async function textThrough(
  baseUrl: string,
  credentials: Credentials,
  text: { readonly from: string; readonly to: string; readonly body: string },
): Promise<SentText> {
  const answer = await post(baseUrl, '/simulator/texts', credentials, text);
  return JSON.parse(await textOf(answer)) as SentText;
}

/** Whoever stops reading lets go of the connection, and with it of the call. */
async function* linesOf(stream: IncomingMessage): AsyncGenerator<ControlLine> {
  let rest = '';
  const chunks = stream.setEncoding('utf8')[Symbol.asyncIterator]();
  try {
    for (;;) {
      const chunk = await chunks.next().catch(() => Promise.reject(brokeOff()));
      if (chunk.done) return;
      const lines = (rest + chunk.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as ControlLine;
    }
  } finally {
    stream.destroy();
  }
}

function brokeOff(): SimulatorError {
  return new SimulatorError('broke off', 'The phone network stopped during the call.');
}

// Not fetch: it gives up on an answer that pauses for five minutes, and people may think longer than that.
async function post(baseUrl: string, path: string, credentials: Credentials, body: unknown): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(path, baseUrl), {
      method: 'POST',
      auth: `${credentials.accountSid}:${credentials.authToken}`,
      headers: { 'Content-Type': 'application/json' },
      agent: false,
    })
      .on('response', resolve)
      .on('error', () => reject(new SimulatorError('unreachable', `Nothing answers at ${baseUrl}.`)))
      .end(JSON.stringify(body));
  });
  if (response.statusCode !== undefined && response.statusCode < 300) return response;
  throw new SimulatorError('refused', messageIn(await textOf(response)) ?? `HTTP ${response.statusCode}`);
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return text;
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
