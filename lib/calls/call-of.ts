import { NotFound } from '@/lib/platform/errors';
import type { Line, Visit } from '@/lib/platform/visit';
import type { WebhookRequest } from './webhook-request';

/** The call that a callback speaks of. The door entered the business through it, so it is there. */
export async function callOf(visit: Visit<Line>, { callSid }: WebhookRequest): Promise<{ readonly id: string }> {
  const call = await visit.tx.call.findFirst({ where: { callSid }, select: { id: true } });
  if (!call) throw new NotFound();
  return call;
}
