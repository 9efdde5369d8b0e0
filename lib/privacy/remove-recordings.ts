/**
 * Recordings go in three steps: the row says `removing` and claims no file any more; what is stored goes; the row goes.
 * Killed between any two of them, the row is still there and says what is left to do, so that no file is left that nobody
 * would find.
 */
import { eraseRecordingKey } from '@/lib/calls/erase-remote-recording';
import { wantJob } from '@/lib/jobs/want-job';
import { type Sql, sql } from '@/lib/platform/sql';
import { storage, storageKey } from '@/lib/platform/storage';
import type { System, Visit } from '@/lib/platform/visit';
import type { Steps } from './steps';

/** Files that are deleted at a time. */
const AT_ONCE = 16;

export type Marked = { readonly ids: readonly string[]; readonly oldest: Date | null; readonly newest: Date | null };

/**
 * The first step, for the oldest of a business's recordings that a condition names. A copy at Twilio that is still there
 * is wanted deleted with it.
 */
export async function markRecordings(
  visit: Visit<System>,
  businessId: string,
  which: Sql,
  most: number | null,
): Promise<Marked> {
  const marked = await visit.tx.$queryRaw<{ id: string; recording_sid: string; created_at: Date; was: string }[]>`
    UPDATE recordings r SET status = 'removing', stored_at = NULL, remote_deleted_at = NULL
    FROM (SELECT id, status AS was FROM recordings WHERE business_id = ${businessId}::uuid AND ${which}
      ORDER BY created_at LIMIT ${most}::bigint FOR UPDATE) due
    WHERE r.business_id = ${businessId}::uuid AND r.id = due.id
    RETURNING r.id, r.recording_sid, r.created_at, due.was::text`;
  for (const { recording_sid: reference, was } of marked) {
    if (was === 'settled' || was === 'removing') continue;
    await wantJob(visit, {
      kind: 'erase_remote_recording',
      key: eraseRecordingKey(reference),
      payload: { reference },
    });
  }
  const times = marked.map(({ created_at }) => created_at).toSorted((a, b) => a.getTime() - b.getTime());
  return { ids: marked.map(({ id }) => id), oldest: times.at(0) ?? null, newest: times.at(-1) ?? null };
}

/** The second and the third step. `reason` is for the trail. */
export async function removeMarked(
  { asSystem }: Steps,
  businessId: string,
  ids: readonly string[],
  reason: 'retention' | 'erasure',
): Promise<void> {
  const store = storage('recordings');
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    await Promise.all(
      ids.slice(from, from + AT_ONCE).map((id) => store.delete(storageKey(businessId, 'recordings', id))),
    );
  }
  await asSystem(async ({ tx, record }) => {
    const count = await tx.$executeRaw`
      DELETE FROM recordings
      WHERE business_id = ${businessId}::uuid AND id = ANY(${ids}::uuid[]) AND status = 'removing'`;
    if (count > 0) {
      const details = { reason, count: String(count) };
      record({ action: 'recording.delete', resourceType: 'recording', businessId, details });
    }
  });
}

/** All recordings of some calls. */
export const ofCalls = (callIds: readonly string[]): Sql => sql`call_id = ANY(${callIds}::uuid[])`;
