/** Callers of whom a business has said something: by their number, which is sealed. */
import { newId } from '@/lib/platform/clock';
import { blindIndex, hasIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line, Member, Visit } from '@/lib/platform/visit';
import type { CallerMark } from '@/lib/rules/screening';

/** What is said of a number (E.164). */
export async function markOf({ ask, viewer }: Brief<Line | Member>, e164: string): Promise<CallerMark | null> {
  const { a, b } = blindIndex('phone', e164);
  const [known] = await ask<{ mark: CallerMark }>(sql`
    SELECT mark FROM known_callers
    WHERE business_id = ${viewer.businessId}::uuid AND (number_index = ${a} OR number_index_b = ${b})`);
  return known?.mark ?? null;
}

/** Says it of a number, in place of what was said before; `null` takes it back. Two at once: the first counts. */
export async function markCaller(visit: Visit<Member>, e164: string, mark: CallerMark | null): Promise<void> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const index = blindIndex('phone', e164);
  await tx.knownCaller.deleteMany({ where: { businessId, ...hasIndex('numberIndex', index) } });
  if (mark === null) return;
  await tx.knownCaller.createMany({
    data: {
      ...seal('KnownCaller', { businessId, id: newId(), number: e164 }),
      ...indexColumns('numberIndex', index),
      mark,
      markedBy: viewer.userId,
      markedAt: now,
    },
    skipDuplicates: true,
  });
}
