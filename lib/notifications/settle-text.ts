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

/**
 * Notes what became of a text about a call. News may come twice and in any order: a state moves forward alone. Whoever a
 * text does not reach is written a mail, whatever they chose.
 */
export async function settleText(
  visit: Visit<Line>,
  id: string,
  { state, messageSid, errorCode = null }: TextNews,
): Promise<void> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const isOver = state !== 'sent';
  const { count } = await tx.telling.updateMany({
    where: { businessId, id, way: 'text', state: { in: isOver ? ['wanted', 'sent'] : ['wanted'] } },
    data: {
      state,
      ...(messageSid && { messageSid }),
      ...(isOver ? { settledAt: now, errorCode } : { sentAt: now }),
    },
  });
  if (count === 0 || state !== 'failed') return;
  const { callId, userId, turn } = await tx.telling.findFirstOrThrow({
    where: { businessId, id },
    select: { callId: true, userId: true, turn: true },
  });
  await wantTellings(visit, { businessId, callId, turn }, [{ userId, ways: ['mail'] }]);
}
