import { open } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import type { Business } from '@/lib/rules/call';
import { cameBack, type Ringing } from '@/lib/rules/came-back';
import { parseCallerId } from '@/lib/rules/phone-number';
import type { WebhookRequest } from './webhook-request';

/** Seconds that a telephone may be at it beyond those it is rung: Twilio's own five, and the whisper to whoever picks up. */
const MORE_THAN_RUNG = 30;
/** Twilio ends a call after four hours. */
const LONGEST_CALL = 4 * 3_600;

/** Whether a call that comes in is our own ringing, forwarded back to the line that rings. */
export async function isOwnRinging(
  visit: Visit<Line>,
  business: Business,
  callId: string,
  { fields: { From = '', ForwardedFrom = '' } }: WebhookRequest,
): Promise<boolean> {
  if (business.duty.length === 0) return false;
  const incoming = { caller: parseCallerId(From), forwardedFrom: ForwardedFrom };
  return cameBack(business, incoming, await ringingNow(visit, callId, business.ringSeconds + MORE_THAN_RUNG));
}

/** The calls, beside this one, for which somebody is being rung: the last thing that happened on them says so. */
async function ringingNow(
  { tx, viewer, now }: Visit<Line>,
  callId: string,
  seconds: number,
): Promise<readonly Ringing[]> {
  const ago = (earlier: number) => new Date(now.getTime() - earlier * 1000);
  const calls = await tx.call.findMany({
    where: {
      businessId: viewer.businessId,
      id: { not: callId },
      endedAt: null,
      startedAt: { gte: ago(LONGEST_CALL) },
      events: { some: { kind: 'rang_person', at: { gte: ago(seconds) } } },
    },
    select: {
      businessId: true,
      id: true,
      callerNumber: true,
      events: { orderBy: [{ at: 'desc' }, { id: 'desc' }], take: 1, select: { kind: true, detail: true } },
    },
  });
  return calls.flatMap(({ events: [last], ...call }) => {
    if (last?.kind !== 'rang_person') return [];
    const { callerNumber } = open('Call', call);
    return [{ caller: parseCallerId(callerNumber ?? ''), person: Number(Object(last.detail).person) }];
  });
}
