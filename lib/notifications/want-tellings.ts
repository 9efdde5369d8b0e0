import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import type { Line, System, Visit } from '@/lib/platform/visit';
import type { Told } from '@/lib/rules/telling';

type OfCall = { readonly businessId: string; readonly callId: string; readonly turn: number };

/** Wants each of the people told of a call by each of their ways, once in a turn however often it is wanted. */
export async function wantTellings(
  visit: Visit<Line | System>,
  { businessId, callId, turn }: OfCall,
  people: readonly Told[],
): Promise<void> {
  const { tx, now } = visit;
  const data = people.flatMap(({ userId, ways }) =>
    ways.map((way) => ({ businessId, id: newId(), callId, userId, way, turn, createdAt: now })),
  );
  await tx.telling.createMany({ data, skipDuplicates: true });
  const wanted = await tx.telling.findMany({
    where: { businessId, callId, turn, state: 'wanted' },
    select: { id: true, way: true },
  });
  for (const { id, way } of wanted) {
    const kind = way === 'mail' ? 'tell_by_mail' : 'tell_by_text';
    await wantJob(visit, { kind, key: `tell ${id}`, payload: { tellingId: id }, businessId });
  }
}
