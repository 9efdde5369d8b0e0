/** Somebody is told of a call by mail: that there is something, and where, and nothing of the caller. */
import type { Job } from '@/lib/jobs/job';
import { sendMail } from '@/lib/platform/mail';
import { open } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import { callNotice } from '@/lib/rules/call-notice';
import { callAddress, takeAddress } from './call-links';

/** The job: one mail. Killed between the mail and its note, it sends the same mail once more, under the same id. */
export async function tellByMail({ payload: { tellingId }, inside }: Job<'tell_by_mail'>): Promise<void> {
  const letter = await inside((visit) => prepare(visit, tellingId));
  if (!letter) return;
  await sendMail(letter);
  await inside(async ({ tx, viewer: { businessId }, now }) => {
    await tx.telling.updateMany({
      where: { businessId, id: tellingId, state: 'wanted' },
      data: { state: 'sent', sentAt: now },
    });
  });
}

/** Says on the call that this mail could not be sent. */
export const giveUpMail = ({ payload: { tellingId }, inside }: Job<'tell_by_mail'>): Promise<void> =>
  inside((visit) => fail(visit, tellingId));

async function prepare(visit: Visit<Line>, id: string) {
  const { tx, viewer } = visit;
  const { businessId } = viewer;
  const telling = await tx.telling.findFirst({
    where: { businessId, id, way: 'mail', state: 'wanted' },
    select: {
      userId: true,
      call: {
        select: {
          id: true,
          startedAt: true,
          intent: true,
          urgent: true,
          business: { select: { name: true, zone: true } },
        },
      },
    },
  });
  if (!telling) return null; // told, or erased in the meantime
  const { userId, call } = telling;
  const user = await tx.user.findFirst({ where: { id: userId }, select: { id: true, email: true } });
  if (!user) {
    await fail(visit, id); // they have left
    return null;
  }
  visit.record({ action: 'user.read', resourceType: 'user', resourceId: userId, details: { reason: 'tell' } });
  const { business, startedAt, intent, urgent } = call;
  return {
    id: `call-${id}`,
    to: open('User', user).email,
    ...callNotice({
      business: business.name,
      zone: business.zone,
      startedAt,
      intent,
      urgent,
      address: callAddress(call.id),
      takeAddress: urgent ? takeAddress(id) : null,
    }),
  };
}

async function fail({ tx, viewer: { businessId }, now }: Visit<Line>, id: string): Promise<void> {
  await tx.telling.updateMany({
    where: { businessId, id, state: 'wanted' },
    data: { state: 'failed', settledAt: now },
  });
}
