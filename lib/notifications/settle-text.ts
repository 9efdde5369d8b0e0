/** What becomes of a text: told by Twilio's callback, by its answer, or asked for. */
import type { Line, Visit } from '@/lib/platform/visit';
import type { TellState } from '@/lib/rules/telling';
import { wantTellings } from './want-tellings';

export type TextNews = {
  readonly state: Exclude<TellState, 'wanted'>;
  /** The text's id at Twilio, where it has one. */
  readonly messageSid?: string;
  /** Twilio's code of the error, of one that failed. */
  readonly errorCode?: number | null;
};

/** From which states each comes. */
const BEFORE: Readonly<Record<TextNews['state'], TellState[]>> = {
  sent: ['wanted'],
  unconfirmed: ['sent'],
  delivered: ['wanted', 'sent', 'unconfirmed'],
  failed: ['wanted', 'sent', 'unconfirmed'],
};

/**
 * Notes what became of a text about a call. News may come twice and in any order: a state moves forward alone. Whoever a
 * text does not reach is written a mail, whatever they chose; of an urgent call that nobody sees to, whoever it may not have
 * reached.
 */
export async function settleText(
  visit: Visit<Line>,
  id: string,
  { state, messageSid, errorCode = null }: TextNews,
): Promise<void> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const { count } = await tx.telling.updateMany({
    where: { businessId, id, way: 'text', state: { in: BEFORE[state] } },
    data: {
      state,
      ...(messageSid && { messageSid }),
      ...(state === 'sent' && { sentAt: now }),
      ...((state === 'delivered' || state === 'failed') && { settledAt: now, errorCode }),
    },
  });
  if (count === 0 || state === 'sent' || state === 'delivered') return;
  const { callId, userId, turn, call } = await tx.telling.findFirstOrThrow({
    where: { businessId, id },
    select: {
      callId: true,
      userId: true,
      turn: true,
      call: { select: { urgent: true, toCallBack: true, takenAt: true, heardAt: true } },
    },
  });
  const isUnseen = call.toCallBack && call.takenAt === null && call.heardAt === null;
  if (state === 'unconfirmed' && !(call.urgent && isUnseen)) return;
  await wantTellings(visit, { businessId, callId, turn }, [{ userId, ways: ['mail'] }]);
}
