/** Somebody is told of a call by text: that there is something, and where, and nothing of the caller. */
import { lineNumber } from '@/lib/businesses/line-number';
import type { Job } from '@/lib/jobs/job';
import { wantJob } from '@/lib/jobs/want-job';
import { open } from '@/lib/platform/sealing';
import { TextRefused, textStatus } from '@/lib/platform/twilio-messages';
import type { Line, Visit } from '@/lib/platform/visit';
import { mayContact } from '@/lib/privacy/opt-out';
import { callText, OPTED_OUT, stateOfText } from '@/lib/rules/text-message';
import { callAddress, takeAddress } from './call-links';
import { settleText } from './settle-text';
import { textOnce } from './text-once';

/** Seconds after which we ask what became of a text, whose callback may have been lost: the shortest wait of an urgent call. */
const NEWS_PATIENCE = 300;

/**
 * The job: one text. Its attempt is noted before it is made, so that a worker that was killed, or heard no answer, looks
 * first whether Twilio has it.
 */
export async function tellByText({ payload: { tellingId }, inside }: Job<'tell_by_text'>): Promise<void> {
  const text = await inside((visit) => prepare(visit, tellingId));
  if (!text) return;
  try {
    const messageSid = await textOnce(text, { isFirst: text.isFirst, about: { telling: tellingId } });
    await inside(async (visit) => {
      await settleText(visit, tellingId, { state: 'sent', messageSid });
      const payload = { tellingId };
      await wantJob(visit, {
        kind: 'check_text',
        key: `check-text ${tellingId}`,
        payload,
        delaySeconds: NEWS_PATIENCE,
      });
    });
  } catch (error) {
    if (!(error instanceof TextRefused)) throw error;
    await inside((visit) => settleText(visit, tellingId, { state: 'failed', errorCode: error.errorCode }));
  }
}

/** Says on the call that this text could not be sent. */
export const giveUpText = ({ payload: { tellingId }, inside }: Job<'tell_by_text'>): Promise<void> =>
  inside((visit) => settleText(visit, tellingId, { state: 'failed' }));

/** The job: asks what became of a text of which nothing more was heard. Some networks never say. */
export async function checkText({ payload: { tellingId }, inside }: Job<'check_text'>): Promise<void> {
  const telling = await inside(({ tx, viewer: { businessId } }) =>
    tx.telling.findFirst({ where: { businessId, id: tellingId, state: 'sent' }, select: { messageSid: true } }),
  );
  if (!telling?.messageSid) return;
  const { status, errorCode } = await textStatus(telling.messageSid);
  const state = stateOfText(status);
  const isKnown = state === 'delivered' || state === 'failed';
  await inside((visit) => settleText(visit, tellingId, isKnown ? { state, errorCode } : { state: 'unconfirmed' }));
}

/** Says that nobody knows what became of this text. */
export const giveUpNews = ({ payload: { tellingId }, inside }: Job<'check_text'>): Promise<void> =>
  inside((visit) => settleText(visit, tellingId, { state: 'unconfirmed' }));

async function prepare(visit: Visit<Line>, id: string) {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const where = { businessId, id, way: 'text', state: 'wanted' } as const;
  const telling = await tx.telling.findFirst({
    where,
    select: {
      userId: true,
      attemptedAt: true,
      call: {
        select: { id: true, startedAt: true, urgent: true, business: { select: { name: true, zone: true } } },
      },
    },
  });
  if (!telling) return null; // told, or erased in the meantime
  const { userId, call, attemptedAt } = telling;
  const mobile = await tx.mobileNumber.findFirst({
    where: { userId, verifiedAt: { not: null } },
    select: { id: true, number: true },
  });
  const from = await lineNumber(visit);
  if (!mobile || from === null) {
    await settleText(visit, id, { state: 'failed' });
    return null;
  }
  const { number: to } = open('MobileNumber', mobile);
  visit.record({
    action: 'mobile_number.read',
    resourceType: 'mobile_number',
    resourceId: mobile.id,
    details: { reason: 'tell' },
  });
  if (!(await mayContact(visit, { number: to, channel: 'texts' }))) {
    await settleText(visit, id, { state: 'failed', errorCode: OPTED_OUT });
    return null;
  }
  if (attemptedAt === null) await tx.telling.updateMany({ where, data: { attemptedAt: now } });
  const { business, startedAt, urgent } = call;
  const address = urgent ? takeAddress(id) : callAddress(call.id);
  const body = callText({ business: business.name, zone: business.zone, startedAt, urgent, address });
  return { from, to, body, isFirst: attemptedAt === null };
}
