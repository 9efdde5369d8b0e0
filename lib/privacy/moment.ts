import { momentOf } from '@/lib/rules/retention';
import type { Steps } from './steps';

/** This machine's clock and the database's are hours apart. Deleting by either could be wrong by that much. */
export class ClocksApart extends Error {
  override name = 'ClocksApart';
}

/**
 * The moment that decides what is over, for the whole of a run: by the slower of the two clocks there are.
 *
 * @throws ClocksApart
 */
export async function readMoment({ asSystem }: Steps): Promise<Date> {
  const moment = await asSystem(async ({ tx, now }) => {
    const [theirs] = await tx.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`;
    return theirs ? momentOf(now, theirs.at) : null;
  });
  if (moment === null) throw new ClocksApart('the clocks of this machine and of the database are hours apart');
  return moment;
}
