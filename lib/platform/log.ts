/**
 * The log: JSON lines on standard output, for whoever runs the house.
 *
 * A log is copied, indexed and kept by others, so it must not hold what callers say or who they are. Fields pass by
 * name and by shape, the text is a constant of the source, and an error leaves its message behind, since messages
 * quote the values they complain about. Redacting by a list of forbidden names would let every new name through.
 */
import pino, { type DestinationStream } from 'pino';
import { requestId } from '@/lib/platform/request-id';
import { whereThrown } from '@/lib/platform/where-thrown';

const word = /^[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What may be logged, and what it must look like. Numbers are counts, statuses and durations. */
const shapes = {
  event: word,
  kind: word,
  reason: word,
  permission: word,
  role: word,
  status: word,
  variable: /^[A-Z][A-Z0-9_]*$/,
  method: /^[A-Z]{3,7}$/,
  /** The pattern of a route, such as `/dashboard/calls/[id]`, and never an address that somebody asked for. */
  route: /^\/[a-z0-9/[\]._-]*$/,
  callSid: /^CA[0-9a-f]{32}$/,
  recordingSid: /^RE[0-9a-f]{32}$/,
  businessId: uuid,
  callId: uuid,
  jobId: uuid,
  /** The id of a key of ENCRYPTION_KEY, or `none`. */
  keyId: /^(?:[0-9a-f]{8}|none)$/,
  requestId: uuid,
  userId: uuid,
  attempt: 'number',
  bytes: 'number',
  code: 'number',
  count: 'number',
  durationMs: 'number',
} as const satisfies Record<string, RegExp | 'number'>;

type Shapes = typeof shapes;
type Value<S> = S extends 'number' ? number : string;

/** The fields of an entry; `error` may be anything that was thrown. */
export type LogFields = { readonly event: string; readonly error?: unknown } & {
  readonly [Name in keyof Shapes]?: Value<Shapes[Name]> | null | undefined;
};

/** A text that is written out in the source: one with a value interpolated into it does not compile. */
type Constant<Text extends string> = Record<never, never> extends Record<Text, true> ? never : Text;

type Write = <const Text extends string>(fields: LogFields, text?: Constant<Text>) => void;
export type Log = Readonly<Record<'info' | 'warn' | 'error', Write>>;

/** A log that writes to `stream`, one line an entry. */
export function createLog(stream: DestinationStream): Log {
  const lines = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level } }, stream);
  return {
    info: (fields, text) => lines.info(safe(fields), text),
    warn: (fields, text) => lines.warn(safe(fields), text),
    error: (fields, text) => lines.error(safe(fields), text),
  };
}

/** Written at once, not buffered: the last line before a crash is the one that is wanted. */
export const log: Log = createLog(pino.destination({ dest: 1, sync: true }));

function level(label: string) {
  return { level: label };
}

function safe({ error, ...fields }: LogFields): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ requestId: requestId(), ...fields })) {
    if (value === null || value === undefined || !(name in shapes)) continue;
    entry[name] = fits(shapes[name as keyof Shapes], value) ? value : '[withheld]';
  }
  if (error !== undefined) entry.error = reduced(error);
  return entry;
}

function fits(shape: RegExp | 'number', value: unknown): boolean {
  if (shape === 'number') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === 'string' && value.length <= 100 && shape.test(value);
}

/** What kind of error it was and where it was thrown: enough to find it, nothing of what it was about. */
function reduced(error: unknown): { name: string; code?: string; at?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? String(error.code) : '';
  const at = whereThrown(error);
  return {
    name: /^\w{1,50}$/.test(error.name) ? error.name : 'Error',
    ...(/^\w{1,50}$/.test(code) && { code }),
    ...(at && { at }),
  };
}
