/** A text with a code, to see whether a telephone is somebody's. */
import { lineNumber } from '@/lib/businesses/line-number';
import type { Job } from '@/lib/jobs/job';
import { mac } from '@/lib/platform/mac';
import { open } from '@/lib/platform/sealing';
import { TextRefused } from '@/lib/platform/twilio-messages';
import type { Line, Visit } from '@/lib/platform/visit';
import { codeText } from '@/lib/rules/text-message';
import { textOnce } from './text-once';

/** The code for a number that somebody typed: six digits, kept nowhere, made from the id of its row. */
export function codeOf(numberId: string): string {
  const drawn = mac('mobile code', numberId).readUIntBE(0, 6);
  return String(drawn % 1_000_000).padStart(6, '0');
}

/** The job: sends the code, once for each time it was asked for. */
export async function textCode({ payload: { numberId }, inside }: Job<'text_code'>): Promise<void> {
  const text = await inside((visit) => prepare(visit, numberId));
  if (!text) return;
  try {
    await textOnce(text, { isFirst: text.isFirst, about: { code: numberId } });
  } catch (error) {
    if (!(error instanceof TextRefused)) throw error;
    await inside((visit) => noteUndelivered(visit, numberId, error.errorCode));
  }
}

/** Says to whoever waits for a code that it will not come. */
export async function noteUndelivered({ tx }: Visit<Line>, id: string, errorCode: number): Promise<void> {
  await tx.mobileNumber.updateMany({ where: { id, codeError: null }, data: { codeError: errorCode } });
}

async function prepare(visit: Visit<Line>, id: string) {
  const { tx, now } = visit;
  const asked = await tx.mobileNumber.findFirst({
    where: { id, verifiedAt: null, expiresAt: { gt: now } },
    select: { id: true, number: true, codeAttemptedAt: true },
  });
  const from = await lineNumber(visit);
  if (!asked || from === null) return null; // too late, or taken back
  const { number: to, codeAttemptedAt } = open('MobileNumber', asked);
  visit.record({
    action: 'mobile_number.read',
    resourceType: 'mobile_number',
    resourceId: id,
    details: { reason: 'code' },
  });
  if (codeAttemptedAt === null) await tx.mobileNumber.updateMany({ where: { id }, data: { codeAttemptedAt: now } });
  return { from, to, body: codeText(codeOf(id)), isFirst: codeAttemptedAt === null };
}
