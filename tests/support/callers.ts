/** Many callers who each leave a message, and what became of them: for faults, and for figures. */
import type { PrismaClient } from '@/lib/generated/prisma/client';
import type { CallRequest } from '@/simulator/call';
import type { CompletedCall } from '@/simulator/events';
import type { Caller, CallerAct } from '@/simulator/script';
import type { Simulator } from '@/simulator/simulator';

/** What became of calls: `heard`: by callers who heard the greeting and could speak; `saved`, `missing`, `doubled`: here. */
export type Toll = {
  readonly placed: number;
  readonly heard: number;
  readonly saved: number;
  readonly missing: number;
  readonly doubled: number;
};

declare module '@vitest/runner' {
  interface TaskMeta {
    /** For the table of `npm run faults`. */
    calls?: Toll;
  }
}

/** Does these things where the line asks for an answer, leaves a message as soon as it records, and listens to the end. */
export function leavesMessage(words: string, answers: readonly CallerAct[] = [{ press: '1' }]): Caller {
  const acts = answers.values();
  let isLeft = false;
  return async (asked) => {
    if (asked.for === 'answer') return acts.next().value ?? { press: '1' };
    if (isLeft) return 'silence';
    isLeft = true;
    return { say: words, seconds: 2 };
  };
}

/** So many callers of a number, each with one of their own, at one moment. */
export const callersOf = (to: string, count: number, at: Date): readonly CallRequest[] =>
  Array.from({ length: count }, (_, n) => ({
    to,
    from: `+1415${String(5_550_000 + n)}`,
    at,
    script: leavesMessage(`Please call me back, I am number ${n}.`),
  }));

/** Places calls, so many at a time, and stays until the last of them is over. */
export async function placeCalls(
  network: Pick<Simulator, 'placeCall'>,
  calls: readonly CallRequest[],
  atOnce: number,
  onEnd: (call: CompletedCall) => void = () => {},
): Promise<readonly CompletedCall[]> {
  const done: CompletedCall[] = [];
  const waiting = calls.values();
  const line = async () => {
    for (const call of waiting) {
      const completed = await network.placeCall(call);
      done.push(completed);
      onEnd(completed);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  return done;
}

/**
 * Compares what the network knows of calls with what is in the database. A call is saved when it has its row and its end,
 * and every recording of it is in the store, with words where the network made some out.
 */
export async function tollOf(owner: PrismaClient, placed: readonly CompletedCall[]): Promise<Toll> {
  const rows = await owner.call.findMany({
    where: { callSid: { in: placed.map(({ callSid }) => callSid) } },
    select: {
      callSid: true,
      endedAt: true,
      recordings: { select: { recordingSid: true, status: true } },
      transcripts: { select: { recordingSid: true } },
      events: { select: { kind: true } },
    },
  });
  const found = new Map(rows.map((row) => [row.callSid, row]));
  const isSaved = (call: CompletedCall) => {
    const row = found.get(call.callSid);
    const inStore = new Set(
      row?.recordings.flatMap(({ recordingSid, status }) =>
        status === 'stored' || status === 'settled' ? [recordingSid] : [],
      ),
    );
    const hasRecordings = call.recordings.every(({ sid }) => inStore.has(sid));
    return Boolean(row?.endedAt) && hasRecordings && (!hasWords(call) || row?.transcripts.length !== 0);
  };
  const isDoubled = (call: CompletedCall) => {
    const row = found.get(call.callSid);
    if (!row) return false;
    const times = (kind: string) => row.events.filter((event) => event.kind === kind).length;
    return (
      row.recordings.length > call.recordings.length ||
      row.transcripts.length > call.recordings.length ||
      ['greeted', 'ended', 'caught_up'].some((kind) => times(kind) > 1) ||
      ['recorded', 'saved', 'message_left'].some((kind) => times(kind) > call.recordings.length)
    );
  };
  const saved = placed.filter(isSaved).length;
  return {
    placed: placed.length,
    heard: placed.filter(heardAndCouldSpeak).length,
    saved,
    missing: placed.length - saved,
    doubled: placed.filter(isDoubled).length,
  };
}

/** The greeting before anything else, and the tone, unless the caller had hung up by then. */
function heardAndCouldSpeak({ heard, ended }: CompletedCall): boolean {
  const isGreeted = /^thank you for calling/i.test(heard[0] ?? '');
  return isGreeted && (heard.includes('(beep)') || ended.how === 'caller hung up') && ended.how !== 'application error';
}

/** Whether the network made words of a recording, and could tell us or not. */
const hasWords = ({ events }: CompletedCall): boolean =>
  events.some(
    (event) =>
      (event.type === 'called back' && event.about === 'transcription') ||
      (event.type === 'lost' && event.webhook === 'transcription'),
  );
