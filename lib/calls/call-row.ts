/** A call as lists show it. */
import type { Prisma } from '@/lib/generated/prisma/client';
import { open } from '@/lib/platform/sealing';
import { isSpam } from '@/lib/rules/screening';
import { isToCallBack, isUnheard, type WaitingFacts } from '@/lib/rules/waiting';

/** The columns of a row, and of nothing else. */
export const rowColumns = {
  businessId: true,
  id: true,
  type: true,
  status: true,
  intent: true,
  urgent: true,
  callerNumber: true,
  callerName: true,
  wanted: true,
  startedAt: true,
  endedAt: true,
  secondsUsed: true,
  heardAt: true,
  calledBackAt: true,
  takenAt: true,
  uncharged: true,
  notSpamAt: true,
  anonymised: true,
} as const satisfies Prisma.CallSelect;

export type RowOfCall = Prisma.CallGetPayload<{ select: typeof rowColumns }>;

/** Newest first. Calls that began in the same millisecond keep one order, that of their ids. */
export const newestFirst = [{ startedAt: 'desc' }, { id: 'desc' }] satisfies Prisma.CallOrderByWithRelationInput[];

export const waitingFacts = (call: RowOfCall): WaitingFacts => ({ ...call, hasNumber: call.callerNumber !== null });

/** Opens what a row shows. Whoever calls this records the ids of what was opened. */
export function openRow(call: RowOfCall) {
  const { id, callerName, callerNumber, wanted, intent, status, urgent, startedAt, endedAt, secondsUsed } = open(
    'Call',
    call,
  );
  const facts = waitingFacts(call);
  return {
    id,
    name: callerName,
    number: callerNumber,
    wanted,
    intent,
    status,
    urgent,
    heard: !isUnheard(facts),
    toCallBack: isToCallBack(facts),
    uncharged: call.uncharged,
    isSpam: isSpam(call.uncharged, call.notSpamAt),
    at: startedAt,
    seconds: endedAt === null ? null : secondsUsed,
    anonymised: call.anonymised,
  };
}
