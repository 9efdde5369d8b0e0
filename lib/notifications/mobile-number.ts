/** The telephone that somebody gets texts on: asked for, shown to be theirs by a code, taken away again. */
import { timingSafeEqual } from 'node:crypto';
import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import { calledNumber } from '@/lib/businesses/called-number';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { seal } from '@/lib/platform/sealing';
import type { Guest, Member, Visit } from '@/lib/platform/visit';
import { isSameNumber, toE164 } from '@/lib/rules/phone-number';
import { CODE_MINUTES, CODE_TRIES, CODES_A_DAY, CODES_AN_HOUR } from '@/lib/rules/text-message';
import { codeOf } from './text-code';

const unchanged = 'Please check what is marked. Nothing has changed.';
const HOUR_MS = 3_600_000;

/**
 * Wants a code sent to a number. The one that is shown to be theirs stays until the code was typed.
 *
 * @throws Refusal beside the field, or where they asked too often.
 */
export async function askForCode(visit: Visit<Member>, { number: typed }: { readonly number: string }): Promise<void> {
  const { tx, viewer, now } = visit;
  const { userId } = viewer;
  const line = await calledNumber(visit);
  if (line.number === null)
    throw new Refusal('Your business has no phone number yet, and texts come from it. Set the number up first.');
  const number = toE164(typed, line.country);
  if (number === null)
    throw new Refusal(unchanged, {
      number: 'This is no telephone number. Write it with its country code: +1 415 555 0132.',
    });
  if (isSameNumber(number, line.number))
    throw new Refusal(unchanged, {
      number: 'This is the number your callers dial. Choose the one of your own telephone.',
    });
  // Held: of two requests at the same moment the second sees what the first asked for.
  await tx.$queryRaw`SELECT FROM businesses WHERE id = ${viewer.businessId}::uuid FOR NO KEY UPDATE`;
  const asked = (hours: number) =>
    tx.mobileNumber.count({ where: { userId, createdAt: { gt: new Date(now.getTime() - hours * HOUR_MS) } } });
  if ((await asked(1)) >= CODES_AN_HOUR || (await asked(24)) >= CODES_A_DAY)
    throw new Refusal(`You can ask for ${CODES_AN_HOUR} codes an hour, and ${CODES_A_DAY} a day. Try again later.`);
  const id = newId();
  await tx.mobileNumber.createMany({
    data: seal('MobileNumber', {
      id,
      userId,
      number,
      createdAt: now,
      expiresAt: new Date(now.getTime() + CODE_MINUTES * 60_000),
    }),
  });
  await wantJob(visit, { kind: 'text_code', key: `text-code ${id}`, payload: { numberId: id } });
  visit.record({ action: 'mobile_number.create', resourceType: 'mobile_number', resourceId: id });
}

/**
 * The code that came by text: from now on the number is theirs, in place of the one before. A try counts before the code is
 * looked at; only the code that was asked for last is good.
 *
 * @throws Refusal beside the field.
 */
export async function confirmNumber(desk: PersonDesk, { code }: { readonly code: string }): Promise<void> {
  const { userId, businessId } = desk.viewer;
  const subject = { userId, ...(businessId && { businessId }) };
  const id = await desk.enter((visit) => reserveTry(visit, userId));
  if (id === null)
    throw new Refusal(unchanged, {
      code: `This code no longer works. A code works for ${CODE_MINUTES} minutes and ${CODE_TRIES} tries; ask for a new one.`,
    });
  const [given, expected] = [Buffer.from(code.replace(/[\s-]/g, '')), Buffer.from(codeOf(id))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    await desk.enter(async (visit) =>
      visit.record({
        action: 'mobile_number.deny',
        resourceType: 'mobile_number',
        resourceId: id,
        ...subject,
        details: { reason: 'wrong code' },
      }),
    );
    throw new Refusal(unchanged, { code: 'This is not the code that we sent. Look at the newest text.' });
  }
  await desk.enter(async (visit) => {
    const { tx, now } = visit;
    await tx.mobileNumber.deleteMany({ where: { userId, verifiedAt: { not: null } } });
    const { count } = await tx.mobileNumber.updateMany({
      where: { id, verifiedAt: null },
      data: { verifiedAt: now, expiresAt: null },
    });
    if (count === 0) throw new Refusal('This was done a moment ago. Load the page again.');
    visit.record({ action: 'mobile_number.confirm', resourceType: 'mobile_number', resourceId: id, ...subject });
  });
}

/** Takes the number away that is shown to be theirs; texts end with it. Codes that were asked for still count as asked for. */
export async function removeNumber({ tx, viewer, record }: Visit<Member>): Promise<void> {
  await tx.mobileNumber.deleteMany({ where: { userId: viewer.userId, verifiedAt: { not: null } } });
  record({ action: 'mobile_number.delete', resourceType: 'mobile_number' });
}

/** @returns the number that was asked for last, where a try at its code is left. */
async function reserveTry({ tx, now }: Visit<Guest>, userId: string): Promise<string | null> {
  const asked = await tx.mobileNumber.findFirst({
    where: { userId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true },
  });
  if (!asked) return null;
  const { count } = await tx.mobileNumber.updateMany({
    where: { id: asked.id, verifiedAt: null, expiresAt: { gt: now }, tries: { lt: CODE_TRIES } },
    data: { tries: { increment: 1 } },
  });
  return count === 0 ? null : asked.id;
}
