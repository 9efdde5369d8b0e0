/** A key that opens backups, and runs of the clock without the clock. */
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { command } from '@/lib/doors/command';
import type { ClockRun } from '@/lib/jobs/clock-job';
import { newId } from '@/lib/platform/clock';

/** Makes a key for backups, before `env()` is asked for the first time; the private one is for the test alone. */
export async function keyForBackups(): Promise<string> {
  const identity = await generateX25519Identity();
  process.env.BACKUP_AGE_RECIPIENTS = await identityToRecipient(identity);
  return identity;
}

/** A run that holds no lease: what a job does is the test's matter, whose turn it is is not. */
export const clockRun = (more: Partial<ClockRun> = {}): ClockRun => ({
  id: newId(),
  isDryRun: false,
  signal: new AbortController().signal,
  asSystem: command,
  ...more,
});
