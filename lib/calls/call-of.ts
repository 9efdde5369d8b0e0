import { NotFound } from '@/lib/platform/errors';
import type { Line, Visit } from '@/lib/platform/visit';
import type { CallIntent, CallStatus } from '@/lib/rules/call-status';
import type { WebhookRequest } from './webhook-request';

type KnownCall = { readonly id: string; readonly status: CallStatus; readonly intent: CallIntent };

/** The call that a callback speaks of. The door entered the business through it, so it is there. */
export async function callOf(visit: Visit<Line>, { callSid }: WebhookRequest): Promise<KnownCall> {
  const call = await visit.tx.call.findFirst({ where: { callSid }, select: { id: true, status: true, intent: true } });
  if (!call) throw new NotFound();
  return call;
}
