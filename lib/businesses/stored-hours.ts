import type { Line, Visit } from '@/lib/platform/visit';
import type { HoursException, OpeningHours, WeeklyHours } from '@/lib/rules/opening-hours';

/** The hours as they are stored. A constraint of the database says that they have their form. */
export async function storedHours({ tx, viewer }: Visit<Line>): Promise<OpeningHours> {
  const { zone, weeklyHours, exceptions } = await tx.business.findFirstOrThrow({
    where: { id: viewer.businessId },
    select: { zone: true, weeklyHours: true, exceptions: true },
  });
  return {
    zone,
    weekly: weeklyHours as unknown as WeeklyHours,
    exceptions: exceptions as unknown as readonly HoursException[],
  };
}
