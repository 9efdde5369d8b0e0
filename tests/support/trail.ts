/** A trail to seal and to tamper with. */
import pg from 'pg';
import { sealTrail } from '@/lib/audit/seal-trail';
import { type VerifiedTrail, verifyTrail } from '@/lib/audit/verify-trail';
import type { ClockRun } from '@/lib/jobs/clock-job';
import { newId, now } from '@/lib/platform/clock';
import { enterAsSystem } from '@/lib/platform/enter';
import { type Storage, storage } from '@/lib/platform/storage';
import type { AuditEntry } from '@/lib/platform/visit';

const from = { ipAddress: '203.0.113.7', userAgent: 'Browser of the test' };

/** A run of a clock job that holds its lease whatever happens. */
export const clockRun = (more: Partial<ClockRun> = {}): ClockRun => ({
  id: newId(),
  isDryRun: false,
  signal: new AbortController().signal,
  asSystem: (run) => enterAsSystem(now(), run),
  ...more,
});

/** Entries as the application writes them, in one transaction. */
export async function write(
  count: number,
  more: Partial<AuditEntry> & { at?: Date; origin?: { ipAddress: string | null; userAgent: string | null } } = {},
): Promise<string[]> {
  const { at = now(), origin = from, ...entry } = more;
  const ids = Array.from({ length: count }, newId);
  await enterAsSystem(
    at,
    async ({ record }) => {
      for (const resourceId of ids) record({ action: 'call.read', resourceType: 'call', ...entry, resourceId });
    },
    origin,
  );
  return ids;
}

export const seal = (run = clockRun()) => sealTrail(run);
export const verify = (store: Storage | null = storage('backups')): Promise<VerifiedTrail> =>
  verifyTrail((run) => enterAsSystem(now(), run), store);

/** What the tables' owner can do, who first turns off what refuses it. */
export async function tamper(ownerUrl: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const triggers = ['append_only', 'only_as_promised'];
  try {
    await client.query('BEGIN');
    for (const name of triggers) await client.query(`ALTER TABLE audit_logs DISABLE TRIGGER ${name}`);
    for (const statement of statements) await client.query(statement);
    for (const name of triggers) await client.query(`ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER ${name}`);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
