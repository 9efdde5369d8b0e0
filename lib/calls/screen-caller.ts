/** At the first ring: what is to be thought of whoever calls. */
import { blindIndex, hasIndex } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import type { CallerId } from '@/lib/rules/phone-number';
import { DAYS_LOOKED_BACK, isForged, judgeCaller, type Verdict } from '@/lib/rules/screening';
import { markOf } from './known-caller';
import type { WebhookRequest } from './webhook-request';

type Ringing = { readonly id: string; readonly calledNumber: string; readonly caller: CallerId };

/** Only a forged number is looked up among earlier calls: all others cost one look at the known callers. */
export async function screenCaller(
  visit: Visit<Line>,
  { id, calledNumber: called, caller }: Ringing,
  { fields }: WebhookRequest,
): Promise<Verdict | null> {
  if (caller.kind !== 'number') return null;
  const mark = await markOf(visit, caller.e164);
  const forged = isForged(fields.StirVerstat ?? '');
  const earlier = forged && mark === null ? await earlierCalls(visit, caller.e164, id) : [];
  return judgeCaller({ caller, called, isForged: forged, mark, earlier });
}

const enough = 20;

/** Of each call from a number in the last days, newest first, whether it was silent. */
async function earlierCalls({ tx, viewer, now }: Visit<Line>, e164: string, id: string): Promise<readonly boolean[]> {
  const calls = await tx.call.findMany({
    where: {
      businessId: viewer.businessId,
      ...hasIndex('callerNumberIndex', blindIndex('phone', e164)),
      startedAt: { gte: new Date(now.getTime() - DAYS_LOOKED_BACK * 86_400_000) },
      endedAt: { not: null },
      id: { not: id },
    },
    select: { uncharged: true, notSpamAt: true },
    orderBy: { startedAt: 'desc' },
    take: enough,
  });
  return calls.map(
    ({ uncharged, notSpamAt }) => notSpamAt === null && (uncharged === 'silent' || uncharged === 'robot'),
  );
}
