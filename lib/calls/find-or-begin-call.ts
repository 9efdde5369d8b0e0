import { newId } from '@/lib/platform/clock';
import { blindIndex, indexColumns, open, seal } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import { type CallerId, parseCallerId } from '@/lib/rules/phone-number';
import { cutTo } from '@/lib/rules/text';
import type { WebhookRequest } from './webhook-request';

const LONGEST_NAME = 200;

/** The call's row; begun here where the first request that reaches us is not the first that was sent. */
export async function findOrBeginCall(visit: Visit<Line>, request: WebhookRequest) {
  const known = await findCall(visit, request);
  if (known) return known;
  await beginCall(visit, request);
  const begun = await findCall(visit, request);
  if (!begun) throw new Error('a call belongs to another business');
  return begun;
}

async function findCall(visit: Visit<Line>, { callSid, fields }: WebhookRequest) {
  const found = await visit.tx.call.findFirst({
    // A whisper is heard on a leg of its own; the call is its parent.
    where: { callSid: { in: [callSid, fields.ParentCallSid ?? callSid] } },
    select: {
      businessId: true,
      id: true,
      status: true,
      intent: true,
      calledNumber: true,
      callerNumber: true,
      startedAt: true,
      endedAt: true,
      secondsUsed: true,
      events: { where: { kind: { in: ['person_took_it', 'came_back'] } }, select: { kind: true } },
    },
  });
  if (!found) return null;
  const { events, ...call } = open('Call', found);
  const caller: CallerId = call.callerNumber === null ? { kind: 'withheld' } : parseCallerId(call.callerNumber);
  const kinds = new Set(events.map(({ kind }) => kind));
  return { ...call, caller, taken: kinds.has('person_took_it'), cameBack: kinds.has('came_back') };
}

async function beginCall(visit: Visit<Line>, { callSid, fields, at = visit.now }: WebhookRequest): Promise<void> {
  const { businessId } = visit.viewer;
  const id = newId();
  const caller = parseCallerId(fields.From ?? '');
  const { count } = await visit.tx.call.createMany({
    data: seal('Call', {
      businessId,
      id,
      callSid,
      type: 'inbound' as const,
      // Its first requests may not have reached us.
      status: fields.CallStatus === 'in-progress' ? ('in_progress' as const) : ('ringing' as const),
      calledNumber: fields.To ?? '',
      callerNumber: caller.kind === 'number' ? caller.e164 : caller.kind === 'other' ? caller.text : null,
      ...indexColumns('callerNumberIndex', caller.kind === 'number' ? blindIndex('phone', caller.e164) : null),
      callerName: cutTo(LONGEST_NAME, fields.CallerName?.trim() ?? '') || null,
      startedAt: at,
    }),
    skipDuplicates: true, // the same first ring may arrive twice at once
  });
  if (count > 0) visit.record({ action: 'call.create', resourceType: 'call', resourceId: id });
}
