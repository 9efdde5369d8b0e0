import { namesOf } from '@/lib/accounts/names-of';
import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { brokenOff } from './broken-off';

/** The newest ones; the trail has them all. */
const mostGrants = 10;
const mostCalls = 100;

type SeenGrant = {
  readonly id: string;
  /** Null for somebody who is not here now. */
  readonly who: string | null;
  readonly reason: string;
  readonly startedAt: Date;
  readonly endsAt: Date;
  readonly isOpen: boolean;
  /** What ended it before its time; null where nothing did. */
  readonly endedEarly: 'given_back' | 'by_owner' | 'with_session' | null;
  readonly calls: readonly { readonly id: string; readonly at: Date }[];
};

/** When who runs the platform was in this business: who, why, from, until, and which calls they opened. */
export async function listGrants(visit: Visit<Member>): Promise<SeenGrant[]> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const rows = await tx.accessGrant.findMany({
    where: { businessId },
    select: {
      businessId: true,
      id: true,
      userId: true,
      reason: true,
      startedAt: true,
      expiresAt: true,
      endedAt: true,
      endedBy: true,
    },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: mostGrants,
  });
  if (rows.length === 0) return [];
  const names = await namesOf(
    visit,
    rows.map(({ userId }) => userId),
  );
  visit.record({ action: 'grant.read', resourceType: 'grant', details: { ids: rows.map(({ id }) => id) } });
  const broken = await brokenOff(
    visit,
    businessId,
    rows.map(({ id }) => id),
  );
  const grants: SeenGrant[] = [];
  for (const row of rows) {
    const { id, userId, reason, startedAt, expiresAt, endedAt, endedBy } = open('AccessGrant', row);
    const endsAt = endedAt ?? expiresAt;
    const since = broken.get(id);
    const withSession = since !== undefined && since < endsAt;
    grants.push({
      id,
      who: names.get(userId) ?? null,
      reason,
      startedAt,
      endsAt: withSession ? since : endsAt,
      isOpen: endedAt === null && !withSession && expiresAt > now,
      endedEarly: withSession
        ? 'with_session'
        : endedAt === null
          ? null
          : endedBy === userId
            ? 'given_back'
            : 'by_owner',
      calls: await callsOpened(visit, row),
    });
  }
  return grants;
}

type Grant = { readonly id: string; readonly userId: string; readonly startedAt: Date; readonly expiresAt: Date };

/** The calls whose content was shown, by the trail: in a list, on their own, or by ear. */
async function callsOpened({ tx, viewer }: Visit<Member>, { id, userId, startedAt, expiresAt }: Grant) {
  const { businessId } = viewer;
  return tx.$queryRaw<{ id: string; at: Date }[]>`
    WITH entries AS (
      SELECT action, resource_id, details FROM audit_logs
      WHERE business_id = ${businessId}::uuid AND user_id = ${userId}::uuid
        AND timestamp BETWEEN ${startedAt} AND ${expiresAt} AND details ->> 'grant' = ${id}
    ), opened AS (
      SELECT jsonb_array_elements_text(coalesce(details -> 'ids', '[]')) AS call FROM entries WHERE action = 'call.read'
      UNION SELECT resource_id FROM entries WHERE action IN ('call.read', 'call.search') AND resource_id IS NOT NULL
      UNION SELECT r.call_id::text FROM entries e JOIN recordings r ON r.business_id = ${businessId}::uuid AND r.id::text = e.resource_id
        WHERE e.action = 'recording.read'
    )
    SELECT c.id, c.started_at AS at FROM calls c JOIN opened o ON o.call = c.id::text
    WHERE c.business_id = ${businessId}::uuid ORDER BY c.started_at DESC, c.id DESC LIMIT ${mostCalls}`;
}
