/** `npm run job` in a process of its own, which is killed (SIGKILL) while it works. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import type { ClockJobName } from '@/lib/rules/clock-jobs';
import { seeded } from '@/simulator/random';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What has been killed at twenty random moments has been seen; `FAULTS_SEED` draws the same ones again. */
const KILLS = 20;

type Trial = {
  readonly job: ClockJobName;
  /** Puts there what the job is to work on, anew. */
  readonly arrange: () => Promise<void>;
  /** What is to be looked at before the next run. */
  readonly afterKill?: () => Promise<void>;
  /** What must be the same in the end, however often the job was killed before. */
  readonly look: () => Promise<unknown>;
  /** Of the database that the job works in. */
  readonly owner: PrismaClient;
};

/**
 * Lets the job run undisturbed, and then kills it at random moments, each time on what was arranged anew; the next run,
 * here, must come to where the first one came.
 *
 * @returns the undisturbed end, and those after each kill, with the seed that drew the moments.
 */
export async function killAtRandom({ job, arrange, afterKill, look, owner }: Trial) {
  const seed = process.env.FAULTS_SEED ?? String(randomInt(1_000_000));
  console.log(`${job}: killed at moments drawn with FAULTS_SEED=${seed}`);
  const random = seeded(seed);
  await arrange();
  const began = await begin(job);
  const start = performance.now();
  await ended(began);
  const whole = Math.ceil(performance.now() - start);
  const undisturbed = await look();

  const ends: unknown[] = [];
  for (let n = 0; n < KILLS; n += 1) {
    await arrange();
    const child = await begin(job);
    await pause(random.between(0, whole));
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await afterKill?.();
    // Nobody waits two minutes for the lease of the dead to run out.
    await owner.$executeRaw`UPDATE job_runs SET leased_until = now() - interval '1 second' WHERE ended_at IS NULL`;
    await owner.$executeRaw`UPDATE jobs SET leased_until = now() - interval '1 second' WHERE done_at IS NULL AND lease IS NOT NULL`;
    await startClockJob(job);
    ends.push(await look());
  }
  return { seed, undisturbed, ends };
}

/** Starts the job in this process's folder and environment, and waits until it has begun. */
async function begin(job: ClockJobName): Promise<ChildProcess> {
  const program = [path.join(root, 'scripts/job.ts'), job];
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), ...program], {
    env: { ...process.env, TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Running')) resolve();
    });
    child.once('exit', () => reject(new Error(`${job} did not begin: ${said}`)));
  });
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`the job ended with ${child.exitCode ?? child.signalCode}`);
}
