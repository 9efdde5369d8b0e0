/** Owners are told of a call by mail: that there is something, and where, and nothing of the caller. */
import { noteEvents } from '@/lib/calls/note-events';
import type { Job } from '@/lib/jobs/job';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { sendMail } from '@/lib/platform/mail';
import { open } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import { callNotice } from '@/lib/rules/call-notice';

/** A business that nobody owns any more cannot be told. */
class NobodyToTell extends Error {
  override name = 'NobodyToTell';
}

/**
 * The job: one mail to each owner. Who was told is noted after each mail, so that a failure with one owner does not
 * write to the others again.
 */
export async function tellOwner(job: Job<'tell_owner'>): Promise<void> {
  const { callId } = job.payload;
  const notice = await job.inside((visit) => prepare(visit, callId));
  if (!notice) return;
  let failure: unknown;
  for (const { id, email } of notice.owners) {
    try {
      await sendMail({ id: `call-${callId}-${id}`, to: email, subject: notice.subject, text: notice.text });
    } catch (error) {
      log.warn({ event: 'mail.failed', kind: 'tell_owner', jobId: job.id, error });
      failure = error;
      continue;
    }
    await job.inside((visit) => noteEvents(visit, callId, [{ key: toldKey(id), kind: 'told' }]));
  }
  if (failure) throw failure;
}

/** Says on the call that an owner could not be told. */
export async function giveUpTelling(job: Job<'tell_owner'>): Promise<void> {
  const { callId } = job.payload;
  await job.inside(async (visit) => {
    const call = await visit.tx.call.findFirst({ where: { id: callId }, select: { id: true } });
    if (call) await noteEvents(visit, callId, [{ key: 'told_failed', kind: 'told_failed' }]);
  });
}

const toldKey = (userId: string) => `told ${userId}`;

async function prepare(visit: Visit<Line>, callId: string) {
  const { businessId } = visit.viewer;
  const call = await visit.tx.call.findFirst({
    where: { businessId, id: callId },
    select: {
      startedAt: true,
      intent: true,
      urgent: true,
      business: { select: { name: true, zone: true } },
      events: { where: { kind: 'told' }, select: { key: true } },
    },
  });
  if (!call) return null; // erased in the meantime
  const owners = await visit.tx.membership.findMany({
    where: { businessId, role: 'business_owner' },
    select: { user: { select: { id: true, email: true } } },
  });
  if (owners.length === 0) throw new NobodyToTell('the business has no owner');
  const told = new Set(call.events.map(({ key }) => key));
  const untold = owners.flatMap(({ user }) => (told.has(toldKey(user.id)) ? [] : [open('User', user)]));
  if (untold.length > 0) {
    visit.record({
      action: 'user.read',
      resourceType: 'user',
      details: { ids: untold.map(({ id }) => id), reason: 'tell_owner' },
    });
  }
  const { business, startedAt, intent, urgent } = call;
  const address = `${env().APP_URL}/dashboard/calls/${callId}`;
  return {
    owners: untold,
    ...callNotice({ business: business.name, zone: business.zone, startedAt, intent, urgent, address }),
  };
}
