import type { Member, Operator, Visit } from '@/lib/platform/visit';

/**
 * The grants among these whose session is over, by id, and since when. Such a grant opens nothing, whatever time it has left:
 * whoever signs out, or confirms who they are and goes on in a new session, has let go of it.
 */
export async function brokenOff(
  { tx, now }: Visit<Member> | Visit<Operator>,
  businessId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const rows = await tx.$queryRaw<{ id: string; since: Date }[]>`
    SELECT g.id, g.since FROM (
      SELECT asked.id, grant_broken_off(${businessId}::uuid, asked.id, ${now}) AS since
      FROM unnest(${ids}::uuid[]) AS asked(id)) g
    WHERE g.since IS NOT NULL`;
  return new Map(rows.map(({ id, since }) => [id, since]));
}
