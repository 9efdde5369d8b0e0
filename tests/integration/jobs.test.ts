/** What was wanted happens: once, whoever is looking, and whatever dies. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { noteEvents } from '@/lib/calls/note-events';
import type { Handlers, Job } from '@/lib/jobs/job';
import { runJobs, runNextJob, sweep } from '@/lib/jobs/run-jobs';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterByCall } from '@/lib/platform/enter';
import { MOST_ATTEMPTS } from '@/lib/rules/retries';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const nowhere = { ipAddress: null, userAgent: null };

let call: { id: string; callSid: string };
beforeAll(async () => {
  call = await makeCall(owner, (await makeBusiness(owner)).id);
});
beforeEach(async () => {
  await owner.job.deleteMany();
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

type Told = (job: Job<'tell_people'>) => Promise<void>;
const unexpected = async () => {
  throw new Error('not this kind');
};
const handlersWith = (run: Told, giveUp?: Told): Handlers => ({
  fetch_recording: { run: unexpected },
  delete_remote_recording: { run: unexpected },
  erase_remote_recording: { run: unexpected },
  erase_remote_call: { run: unexpected },
  delete_remote_transcription: { run: unexpected },
  write_ledger: { run: unexpected },
  erase_caller: { run: unexpected },
  erase_account: { run: unexpected },
  account_mail: { run: unexpected },
  sign_up_mail: { run: unexpected },
  email_change_mail: { run: unexpected },
  member_mail: { run: unexpected },
  invitation_mail: { run: unexpected },
  usage_mail: { run: unexpected },
  alert: { run: unexpected },
  alert_webhook: { run: unexpected },
  tell_by_mail: { run: unexpected },
  tell_by_text: { run: unexpected },
  check_text: { run: unexpected },
  text_code: { run: unexpected },
  tell_people: { run, ...(giveUp && { giveUp }) },
});

const want = (key: string, delaySeconds = 0) =>
  enterByCall(call.callSid, nowhere, new Date(), (visit) =>
    wantJob(visit, { kind: 'tell_people', key, payload: { callId: call.id }, delaySeconds }),
  );
const wanted = (key: string) => owner.job.findFirstOrThrow({ where: { key } });
const note = (job: Job<'tell_people'>, key: string) =>
  job.inside((visit) => noteEvents(visit, call.id, [{ key, kind: 'told' }]));
const noted = (key: string) => owner.callEvent.count({ where: { callId: call.id, key } });
/** As if so much time had gone by that every wait and every lease is over. */
const later = () =>
  owner.$executeRaw`UPDATE jobs SET run_at = run_at - interval '1 day', leased_until = leased_until - interval '1 day'`;

test('V15.4.2 fifty workers at once do each job once', async () => {
  for (let n = 0; n < 20; n += 1) await want(`each ${n}`);
  const done: string[] = [];
  const handlers = handlersWith(async (job) => {
    done.push(job.id);
    await note(job, `each ${job.id}`);
  });
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => runNextJob(handlers)));
  while ((await runNextJob(handlers)) !== null);
  expect(new Set(done).size).toBe(20);
  expect(done).toHaveLength(20);
  expect(outcomes.filter((outcome) => outcome !== null && outcome !== 'done')).toEqual([]);
  expect(await owner.job.count({ where: { doneAt: null } })).toBe(0);
});

test('an effect wanted twice under one key happens once', async () => {
  await want('twice');
  await want('twice');
  expect(await owner.job.count()).toBe(1);
});

test('a job that is wanted in a transaction that fails was never wanted', async () => {
  const failing = enterByCall(call.callSid, nowhere, new Date(), async (visit) => {
    await wantJob(visit, { kind: 'tell_people', key: 'undone', payload: { callId: call.id } });
    throw new Error('the fact did not happen');
  });
  await expect(failing).rejects.toThrow('the fact did not happen');
  expect(await owner.job.count()).toBe(0);
});

test('V16.2.5 a payload holds ids and nothing else', async () => {
  const wants = (payload: object) =>
    enterAsSystem(new Date(), (visit) => wantJob(visit, { kind: 'alert', key: newId(), payload } as never));
  await expect(wants({ alert: 'job_dead', reference: '+12025550143' })).rejects.toThrow();
  await expect(wants({ alert: 'Ann called', reference: call.callSid })).rejects.toThrow();
  await expect(wants({ alert: 'job_dead', reference: call.callSid, name: 'Ann' })).rejects.toThrow();
  await wants({ alert: 'job_dead', reference: call.callSid });
});

test('a job that is not due waits', async () => {
  await want('in an hour', 3600);
  expect(await runNextJob(handlersWith(unexpected))).toBeNull();
  await later();
  expect(await runNextJob(handlersWith(async () => undefined))).toBe('done');
});

test('a worker that died leaves its job to another once the lease is over', async () => {
  await want('orphan');
  const first = runNextJob(handlersWith(() => new Promise(() => undefined))); // it never comes back
  void first;
  await vi.waitUntil(async () => (await wanted('orphan')).lease !== null);
  expect(await runNextJob(handlersWith(unexpected))).toBeNull(); // not before
  await later();
  expect(await runNextJob(handlersWith((job) => note(job, 'orphan done')))).toBe('done');
  expect(await noted('orphan done')).toBe(1);
});

test('whoever has lost the lease writes nothing', async () => {
  await want('lost');
  let taken: () => void = () => undefined;
  const untilTaken = new Promise<void>((resolve) => {
    taken = resolve;
  });
  const slow = runNextJob(
    handlersWith(async (job) => {
      await untilTaken;
      await note(job, 'written by the slow one');
    }),
  );
  await vi.waitUntil(async () => (await wanted('lost')).lease !== null);
  await later();
  expect(await runNextJob(handlersWith((job) => note(job, 'written by the quick one')))).toBe('done');
  const { doneAt, attempts } = await wanted('lost');
  taken();
  expect(await slow).toBe('lost');
  expect(await noted('written by the slow one')).toBe(0);
  expect(await noted('written by the quick one')).toBe(1);
  expect(await wanted('lost')).toMatchObject({ doneAt, attempts, lastError: null });
});

test('a job cannot be taken from a worker that is writing', async () => {
  await want('held');
  let claimedMeanwhile: unknown;
  const outcome = await runNextJob(
    handlersWith(async (job) => {
      await later();
      await job.inside(async (visit) => {
        claimedMeanwhile = await runNextJob(handlersWith(unexpected));
        await noteEvents(visit, call.id, [{ key: 'held', kind: 'told' }]);
      });
    }),
  );
  expect(claimedMeanwhile).toBeNull();
  expect(outcome).toBe('done');
});

test('a job that fails is tried again later, and its error leaves no words behind', async () => {
  await want('failing');
  const failing = handlersWith(async () => {
    throw Object.assign(new TypeError('could not call +12025550143'), { cause: { code: 'ECONNREFUSED' } });
  });
  expect(await runNextJob(failing)).toBe('again');
  const job = await wanted('failing');
  expect(job).toMatchObject({
    attempts: 1,
    lease: null,
    doneAt: null,
    deadAt: null,
    lastError: 'TypeError ECONNREFUSED',
  });
  expect(job.runAt.getTime()).toBeLessThanOrEqual(Date.now() + 60_000);
  await later();
  expect(await runNextJob(handlersWith(async () => undefined))).toBe('done');
  expect((await wanted('failing')).lastError).toBeNull();
});

test('a job that fails at every try is given up, kept, and reported once', async () => {
  const gaveUp: string[] = [];
  const failing = handlersWith(unexpected, async (job) => void gaveUp.push(job.id));
  for (const key of ['hopeless 1', 'hopeless 2']) {
    await want(key);
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
      expect(await runNextJob(failing)).toBe('again');
      await later();
    }
    expect(await runNextJob(failing)).toBe('dead');
    await later();
    await owner.job.updateMany({ where: { kind: 'alert' }, data: { doneAt: new Date() } });
  }
  expect(await runNextJob(failing)).toBeNull();
  const dead = await wanted('hopeless 1');
  expect(dead).toMatchObject({ attempts: MOST_ATTEMPTS, lastError: 'Error', lease: null });
  expect(gaveUp).toEqual([dead.id, (await wanted('hopeless 2')).id]);
  const alerts = await owner.job.findMany({ where: { kind: 'alert' } });
  expect(alerts.map(({ payload }) => payload)).toEqual([{ alert: 'job_dead', reference: dead.id }]);
});

test('a job that kills its worker at every try is given up too', async () => {
  await want('deadly');
  await owner.job.updateMany({ data: { attempts: MOST_ATTEMPTS } });
  expect(await runNextJob(handlersWith(unexpected))).toBe('dead');
  expect((await wanted('deadly')).lastError).toBe('Abandoned');
});

test('a kind that only the next version knows waits for it', async () => {
  await owner.job.create({ data: { id: newId(), kind: 'from_the_future', key: 'future', runAt: new Date() } });
  expect(await runNextJob(handlersWith(unexpected))).toBe('again');
  expect(await wanted('future')).toMatchObject({ lastError: 'UnknownKind', deadAt: null });
});

test('calls at the same time share one run, and none ends before what it wanted was looked at', async () => {
  const runs = [sweep(), sweep(), sweep()];
  expect(new Set(runs).size).toBe(1);
  await owner.job.create({
    data: {
      id: newId(),
      kind: 'alert',
      key: 'in between',
      payload: { alert: 'job_dead', reference: newId() },
      runAt: new Date(),
    },
  });
  await sweep();
  expect((await wanted('in between')).doneAt).not.toBeNull();
  expect(await sweep()).toEqual({ done: 0, again: 0, dead: 0, lost: 0 });
});

test('behind an answer that is sent, a database that is away is no error', async () => {
  await owner.$executeRawUnsafe('ALTER TABLE jobs RENAME TO jobs_away');
  try {
    await expect(runJobs()).resolves.toBeUndefined();
    await expect(sweep()).rejects.toThrow();
  } finally {
    await owner.$executeRawUnsafe('ALTER TABLE jobs_away RENAME TO jobs');
  }
  expect(await sweep()).toEqual({ done: 0, again: 0, dead: 0, lost: 0 });
});
