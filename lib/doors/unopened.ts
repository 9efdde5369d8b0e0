import { wantUnopenedTold } from '@/lib/notifications/want-unopened-told';
import { now } from '@/lib/platform/clock';
import { enterAsSystem } from '@/lib/platform/enter';
import { log } from '@/lib/platform/log';
import { SealError } from '@/lib/platform/sealing';

/**
 * Tells the operator where an error says that something sealed did not open, in a transaction of its own: the one in which
 * it happened is rolled back. Nothing for every other error; throws nothing, since what went wrong first is to be told.
 */
export async function tellOfUnopened(error: unknown): Promise<void> {
  if (!(error instanceof SealError)) return;
  await enterAsSystem(now(), (visit) => wantUnopenedTold(visit, error)).catch((cause: unknown) =>
    log.error({ event: 'seal.untold', error: cause }),
  );
}
