/**
 * The workers. A job is claimed for two minutes at a time under a lease, and only the holder of the lease may write for
 * it. A worker that dies leaves a lease that runs out, and another one takes the job up: nothing is lost, whenever it
 * happens.
 */
import { mailAccount } from '@/lib/accounts/mail-account';
import { mailEmailChange } from '@/lib/accounts/mail-email-change';
import { mailInvitation } from '@/lib/accounts/people/mail-invitation';
import { mailMember } from '@/lib/accounts/people/mail-member';
import { mailSignUp } from '@/lib/accounts/sign-up/mail-sign-up';
import { deleteRemoteRecording } from '@/lib/calls/delete-remote-recording';
import { deleteRemoteTranscription } from '@/lib/calls/delete-remote-transcription';
import { eraseRemoteCall } from '@/lib/calls/erase-remote-call';
import { eraseRemoteRecording } from '@/lib/calls/erase-remote-recording';
import { fetchRecording, giveUpRecording } from '@/lib/calls/fetch-recording';
import { mailUsage } from '@/lib/notifications/mail-usage';
import { postAlert, sendAlert } from '@/lib/notifications/send-alert';
import { giveUpMail, tellByMail } from '@/lib/notifications/tell-by-mail';
import { checkText, giveUpNews, giveUpText, tellByText } from '@/lib/notifications/tell-by-text';
import { giveUpTelling, tellPeople } from '@/lib/notifications/tell-people';
import { textCode } from '@/lib/notifications/text-code';
import { wantUnopenedTold } from '@/lib/notifications/want-unopened-told';
import { newId, now } from '@/lib/platform/clock';
import { enterAsSystem, enterByJob } from '@/lib/platform/enter';
import { log } from '@/lib/platform/log';
import { inRequest } from '@/lib/platform/request-id';
import { SealError } from '@/lib/platform/sealing';
import { TwilioError } from '@/lib/platform/twilio-api';
import type { System, Visit } from '@/lib/platform/visit';
import { eraseAccountJob, eraseCallerJob } from '@/lib/privacy/erase-person';
import { writeLedgerJob } from '@/lib/privacy/write-ledger-job';
import { MOST_ATTEMPTS, retryDelay } from '@/lib/rules/retries';
import { type Handler, type Handlers, type Job, type JobKind, payloads } from './job';
import { nameOf } from './name-of';
import { wantAlert } from './want-alert';

const handlers: Handlers = {
  fetch_recording: { run: fetchRecording, giveUp: giveUpRecording },
  delete_remote_recording: { run: deleteRemoteRecording },
  erase_remote_recording: { run: eraseRemoteRecording },
  erase_remote_call: { run: eraseRemoteCall },
  delete_remote_transcription: { run: deleteRemoteTranscription },
  write_ledger: { run: writeLedgerJob },
  erase_caller: { run: eraseCallerJob },
  erase_account: { run: eraseAccountJob },
  tell_people: { run: tellPeople, giveUp: giveUpTelling },
  tell_by_mail: { run: tellByMail, giveUp: giveUpMail },
  tell_by_text: { run: tellByText, giveUp: giveUpText },
  check_text: { run: checkText, giveUp: giveUpNews },
  text_code: { run: textCode },
  account_mail: { run: mailAccount },
  sign_up_mail: { run: mailSignUp },
  email_change_mail: { run: mailEmailChange },
  member_mail: { run: mailMember },
  invitation_mail: { run: mailInvitation },
  usage_mail: { run: mailUsage },
  alert: { run: sendAlert },
  alert_webhook: { run: postAlert },
};

const LEASE_MS = 120_000;
/** Before the lease runs out, so that a worker which hangs is told from one that died. */
const TRY_MS = 100_000;
const WORKERS = 4;
/** How long new jobs are taken up in one go: a cron request has to be answered. */
const SHIFT_MS = 45_000;

/** How a try ended. `lost`: another worker holds the job by now, and nothing was written. */
export type Outcome = 'done' | 'again' | 'dead' | 'lost';
export type Counts = Readonly<Record<Outcome, number>>;

let shift: Promise<Counts> | null = null;
let more = false;

/**
 * Works off what is due, and says how it went. Calls at the same time share one run, which then looks once more for what
 * was wanted in between.
 *
 * @throws when jobs cannot be claimed: the database is away.
 */
export function sweep(): Promise<Counts> {
  more = true;
  shift ??= workOff();
  return shift;
}

/** The same for `after()`, behind an answer that is sent: nobody is there to hear of a failure. */
export async function runJobs(): Promise<void> {
  try {
    await sweep();
  } catch (error) {
    log.error({ event: 'jobs.stopped', error });
  }
}

async function workOff(): Promise<Counts> {
  const counts = { done: 0, again: 0, dead: 0, lost: 0 };
  const until = now().getTime() + SHIFT_MS;
  const work = async () => {
    while (now().getTime() < until) {
      const outcome = await runNextJob();
      if (outcome === null) return;
      counts[outcome] += 1;
    }
  };
  try {
    while (more) {
      more = false;
      const ends = await Promise.allSettled(Array.from({ length: WORKERS }, work));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    }
    return counts;
  } finally {
    shift = null; // at once: whoever calls from here on gets a run of their own
  }
}

type Claimed = {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly request_id: string | null;
};
type Held = Claimed & { readonly lease: string };

/** Claims the job that has waited longest and tries it; `null` when none is due. */
export async function runNextJob(registry: Handlers = handlers): Promise<Outcome | null> {
  const held = await claim();
  return held && inRequest(held.request_id, () => tryOnce(held, registry));
}

async function tryOnce(held: Held, registry: Handlers): Promise<Outcome> {
  const begun = performance.now();
  try {
    // It was claimed for the last time and never came back: whatever it does to its worker, it does not do it again.
    if (held.attempts > MOST_ATTEMPTS) throw new Abandoned('no worker came back from its last try');
    await inTime(attempt(held, registry));
  } catch (error) {
    log.warn({ event: 'job.failed', kind: held.kind, jobId: held.id, attempt: held.attempts, error });
    if (error instanceof SealError) await enterAsSystem(now(), (visit) => wantUnopenedTold(visit, error));
    return held.attempts < MOST_ATTEMPTS ? tryAgainLater(held, error) : bury(held, error, registry);
  }
  const outcome = await settle(held, { doneAt: now(), lastError: null }, 'done');
  const durationMs = Math.round(performance.now() - begun);
  log.info({ event: `job.${outcome}`, kind: held.kind, jobId: held.id, attempt: held.attempts, durationMs });
  return outcome;
}

class Abandoned extends Error {
  override name = 'Abandoned';
}
class TookTooLong extends Error {
  override name = 'TookTooLong';
}
class UnknownKind extends Error {
  override name = 'UnknownKind';
}

async function claim(): Promise<Held | null> {
  const lease = newId();
  const at = now();
  const until = new Date(at.getTime() + LEASE_MS);
  const [claimed] = await enterAsSystem(
    at,
    ({ tx }) => tx.$queryRaw<Claimed[]>`
      UPDATE jobs SET lease = ${lease}::uuid, leased_until = ${until}, attempts = attempts + 1
      WHERE id = (
        SELECT id FROM jobs
        WHERE done_at IS NULL AND dead_at IS NULL AND held_at IS NULL AND run_at <= ${at} AND (leased_until IS NULL OR leased_until <= ${at})
        ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, kind, payload, attempts, request_id`,
  );
  return claimed ? { ...claimed, lease } : null;
}

/** A kind that this version does not know may be the next one's, which is being rolled out: it waits like a failure. */
function attempt(held: Held, registry: Handlers): Promise<void> {
  if (!isKnown(held.kind)) throw new UnknownKind('no handler for this kind of job');
  return withHandler(held.kind, held, registry, (handler, job) => handler.run(job));
}

const isKnown = (kind: string): kind is JobKind => Object.hasOwn(payloads, kind);

async function withHandler<K extends JobKind>(
  kind: K,
  { id, lease, payload }: Held,
  registry: Handlers,
  run: (handler: Handler<K>, job: Job<K>) => Promise<void> | undefined,
): Promise<void> {
  const job = {
    id,
    payload: payloads[kind].parse(payload),
    inside: (act) => enterByJob(id, lease, now(), act),
    asSystem: (act) =>
      enterAsSystem(now(), async (visit) => {
        await insistOnLease(visit, id, lease);
        return act(visit);
      }),
  } as Job<K>;
  await run(registry[kind], job);
}

/** Held until the transaction ends, or another worker could claim the job between this look and what is written. */
async function insistOnLease({ tx }: Visit<System>, id: string, lease: string): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT id FROM jobs WHERE id = ${id}::uuid AND lease = ${lease}::uuid AND done_at IS NULL AND dead_at IS NULL FOR SHARE`;
  if (held.length === 0) throw new Error('the lease on this job is over');
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TookTooLong('a job is not done within its lease')), TRY_MS);
  });
  work.catch(() => undefined); // when it is late, its failure is nobody's any more; its lease is given back, and it cannot write
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tryAgainLater(held: Held, error: unknown): Promise<Outcome> {
  const asked = error instanceof TwilioError ? error.waitSeconds : 0;
  const seconds = Math.max(asked, retryDelay(held.attempts, Math.random()));
  return settle(held, { runAt: new Date(now().getTime() + seconds * 1000), lastError: nameOf(error) }, 'again');
}

/** Gives a job up: its own rows say so, it is kept for the operator to see, and the operator is told. */
async function bury(held: Held, error: unknown, registry: Handlers): Promise<Outcome> {
  const { id, kind } = held;
  if (isKnown(kind)) {
    await withHandler(kind, held, registry, (handler, job) => handler.giveUp?.(job)).catch((cause) =>
      log.error({ event: 'job.give_up_failed', kind, jobId: id, error: cause }),
    );
  }
  log.error({ event: 'job.dead', kind, jobId: id, attempt: held.attempts, error });
  return settle(held, { deadAt: now(), lastError: nameOf(error) }, 'dead');
}

type Change = {
  readonly doneAt?: Date;
  readonly deadAt?: Date;
  readonly runAt?: Date;
  readonly lastError: string | null;
};

/** Writes how a try ended and gives the lease back, unless it has passed to another worker. */
function settle({ id, kind, lease }: Held, change: Change, outcome: Outcome): Promise<Outcome> {
  const at = now();
  return enterAsSystem(at, async (visit) => {
    const { count } = await visit.tx.job.updateMany({
      where: { id, lease },
      data: { ...change, lease: null, leasedUntil: null },
    });
    if (count === 0) return 'lost';
    // An alert that cannot be sent is in the log; an alert about it could not be sent either.
    if (outcome === 'dead' && kind !== 'alert') {
      await wantAlert(visit, { alert: 'job_dead', reference: id, about: `job-dead ${kind}`, each: 'hour' });
    }
    return outcome;
  });
}
