import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs, parseEnv } from 'node:util';
import { callThrough, SimulatorError, textThrough } from '@/simulator/client';
import { momentOf } from '@/simulator/moment';
import type { Asked, Caller, CallerAct, People, Person } from '@/simulator/script';
import { announce, lineFor, type Screen } from './support/phone-screen';

const HELP = `A phone in the terminal: calls the line of the demo that runs on this machine.

  npm run call                                  call now; answer by typing
  npm run call -- --at "Sunday 21:00"           call at that time, by the network's own clock
  npm run call -- --press 1 --say "My tooth."   call by itself, doing these things in this order
  npm run call -- --text "Am I booked?"         write a text instead, and show what is written back

When the line listens: type keys (0-9 * #) to press them, or words to say them.
An empty line is silence, "hang up" hangs up.

  --to <number>      the number to call, as +12025550100; without it the demo's clinic
  --from <number>    who calls; "anonymous" withholds the number
  --at <moment>      "Sunday 21:00", "9 pm" (the next one), or "2026-03-08 02:30"
  --zone <zone>      the time zone of --at and of the times shown, as America/New_York; the demo clinic's if not said
  --press <keys>     press keys the next time the line listens
  --say <words>      say words the next time the line listens
  --on-duty <what>   what people on duty do when their phone rings: "press 1", "say nothing", "busy" or
                     "no answer" (as it is without this); "+12025550101=busy" for one of them; may be repeated
  --text <words>     write this to the number
  --help             this text

It needs \`npm run demo\` or \`npm run dev\` running in another terminal.`;

const NOT_RUNNING = 'No phone network is running. Start one with `npm run demo` or `npm run dev` in another terminal.';
/** A number set aside for stories and tests, which nobody has. */
const DEFAULT_CALLER = '+12025550123';
const PERSONS: readonly Person[] = ['press 1', 'say nothing', 'busy', 'no answer'];

class UsageError extends Error {}

async function main(): Promise<number> {
  const { values, tokens } = readArguments();
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const network = runningNetwork();
  const to = values.to ?? network.number;
  if (to === undefined) throw new UsageError('Say which number to call: --to +12025550100');
  const from = values.from ?? DEFAULT_CALLER;
  if (values.text !== undefined) return writeText(network, { from, to, body: values.text });
  const zone =
    values.zone ?? (values.to ? undefined : network.zone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = understood(() => (values.at === undefined ? new Date() : momentOf(values.at, zone, new Date())));
  const people = peopleOf(values['on-duty'] ?? []);

  const acts = tokens.flatMap((token): CallerAct[] => {
    if (token.kind !== 'option' || token.value === undefined) return [];
    if (token.name === 'press') return [{ press: keysOf(token.value) }];
    return token.name === 'say' ? [{ say: token.value }] : [];
  });
  const byHand = acts.length === 0;
  const screen: Screen = {
    // Longer lines are hard to read; a terminal that does not know its width says 0.
    width: Math.min(process.stdout.columns || 100, 100),
    colour: process.stdout.isTTY && !process.env.NO_COLOR,
    zone,
    typed: byHand && process.stdin.isTTY,
  };
  const keyboard = byHand ? openKeyboard() : null;

  console.log(announce(to, from, at, screen));
  try {
    const call = { to, from, at, people, script: keyboard?.caller ?? acts };
    const { ended } = await callThrough(network.url, network.credentials, call, (event) => {
      const line = lineFor(event, screen);
      if (line !== null) console.log(line);
    });
    return ended.how === 'application error' ? 1 : 0;
  } finally {
    keyboard?.close();
  }
}

/** @returns the exit code: 1 where the product does not take texts. */
async function writeText(network: ReturnType<typeof runningNetwork>, text: { from: string; to: string; body: string }) {
  const { status, replies } = await textThrough(network.url, network.credentials, text);
  for (const reply of replies) console.log(`${text.to}: ${reply}`);
  if (replies.length === 0) console.log('Nothing is written back.');
  if (status !== null && status < 300) return 0;
  console.error(`The product did not take the text (${status ?? 'no answer'}).`);
  return 1;
}

function readArguments() {
  return understood(() =>
    parseArgs({
      tokens: true,
      options: {
        to: { type: 'string' },
        from: { type: 'string' },
        at: { type: 'string' },
        zone: { type: 'string' },
        press: { type: 'string', multiple: true },
        say: { type: 'string', multiple: true },
        'on-duty': { type: 'string', multiple: true },
        text: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  );
}

/** The network of the demo or of development in this folder; what the shell sets goes before what their file says. */
function runningNetwork() {
  const file = '.data/dev.env';
  const kept: NodeJS.Dict<string> = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const value = (name: string) => process.env[name] || kept[name];
  const url = value('TWILIO_API_BASE_URL');
  const accountSid = value('TWILIO_ACCOUNT_SID');
  const authToken = value('TWILIO_AUTH_TOKEN')?.split(',')[0]?.trim();
  if (!url || !accountSid || !authToken) throw new UsageError(NOT_RUNNING);
  return { url, credentials: { accountSid, authToken }, number: value('DEMO_PHONE_NUMBER'), zone: value('DEMO_ZONE') };
}

/** `busy` for everyone on duty, `+12025550101=busy` for one of them. */
function peopleOf(texts: readonly string[]): People {
  return Object.fromEntries(
    texts.map((text) => {
      const [, number = 'others', does] = /^(?:(\+\d+)=)?(.*)$/.exec(text) ?? [];
      const person = PERSONS.find((known) => known === does);
      if (person === undefined) throw new UsageError(`--on-duty "${text}": people ${PERSONS.join(', ')}.`);
      return [number, person];
    }),
  );
}

function keysOf(text: string): string {
  if (!/^[\d*#]+$/.test(text)) throw new UsageError(`--press "${text}": keys are 0-9, * and #.`);
  return text;
}

/** Whoever sits at the terminal. Lines that come before they are asked for are kept, and the end of input hangs up. */
function openKeyboard(): { caller: Caller; close(): void } {
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  const caller = async (asked: Asked): Promise<CallerAct> => {
    if (process.stdin.isTTY) process.stdout.write(`${promptFor(asked)} > `);
    const line = await lines.next();
    return line.done ? 'hang up' : actOf(line.value);
  };
  return { caller, close: () => input.close() };
}

function promptFor(asked: Asked): string {
  if (asked.for === 'message') return '          Your message, Enter when it is done, or "hang up"';
  return `          Your turn: ${asked.speech ? 'keys or words' : 'keys'}, Enter for silence, or "hang up"`;
}

function actOf(line: string): CallerAct {
  const text = line.trim();
  if (text === '') return 'silence';
  if (/^hang ?up$/i.test(text)) return 'hang up';
  return /^[\d*#]+$/.test(text) ? { press: text } : { say: text };
}

/** What cannot be read is the user's to put right, and no failure of ours. */
function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function explain(error: unknown): string {
  if (error instanceof SimulatorError) {
    if (error.reason === 'unreachable') return NOT_RUNNING;
    if (error.reason === 'refused') return `The phone network refused the call: ${error.message}`;
    return error.message;
  }
  if (error instanceof UsageError) return `${error.message}\nnpm run call -- --help explains the rest.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  },
);
