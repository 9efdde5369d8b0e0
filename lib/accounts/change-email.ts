/** An address changes once whoever reads the new mailbox says so; whoever reads the old one can take it back for a week. */

import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { countTry } from '@/lib/platform/rate-limit';
import { blindIndex, indexColumns, isSameIndex, open, seal } from '@/lib/platform/sealing';
import { emailChanges, wayBackDays } from '@/lib/rules/email-change';
import { findEmailChange, hashOf } from './one-time-token';

type Link = { readonly token: string };

/**
 * Wants a link sent to the new address. Nothing changes before it is used, and whether somebody has the address already
 * is not told here: the mail tells it, to whoever reads it.
 *
 * @throws TooMany, or Refusal for the address that is the account's already.
 */
export async function askForEmailChange(desk: PersonDesk, { email }: { readonly email: string }): Promise<void> {
  const { userId, sessionId } = desk.viewer;
  await countTry(emailChanges, userId);
  const newIndex = blindIndex('email', email);
  await desk.enter(async (visit) => {
    const { tx, now } = visit;
    const user = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      select: { id: true, email: true },
    });
    const { email: oldEmail } = open('User', user);
    const oldIndex = blindIndex('email', oldEmail);
    if (isSameIndex(oldIndex, newIndex))
      throw new Refusal('Nothing has changed.', { email: 'This is the one you have now.' });
    const id = newId();
    await tx.emailChange.deleteMany({ where: { expiresAt: { lt: now } } });
    await tx.emailChange.createMany({
      data: {
        ...seal('EmailChange', { id, oldEmail, newEmail: email }),
        userId,
        sessionId,
        ...indexColumns('oldEmailIndex', oldIndex),
        ...indexColumns('newEmailIndex', newIndex),
        createdAt: now,
        // As long as a link of it may work: half an hour to confirm, then a week to take it back.
        expiresAt: new Date(now.getTime() + (wayBackDays + 1) * 86_400_000),
      },
    });
    await wantJob(visit, {
      kind: 'email_change_mail',
      key: `email-change ${id}`,
      payload: { emailChangeId: id, mail: 'change_email' },
    });
    visit.record({ action: 'email.ask', resourceType: 'user', resourceId: userId, userId });
  });
}

/**
 * Changes the address for whoever holds the link: every session ends but the one that asked, and the old address is told.
 *
 * @throws Refusal for a link that no longer works, and for an address that somebody has by now.
 */
export async function changeEmail(desk: GuestDesk, { token }: Link): Promise<void> {
  const outcome = await desk.enter(async (visit) => {
    const found = await findEmailChange(visit, 'change_email', token);
    if (!found) return denied(visit.record, 'link');
    const { id, userId } = found;
    const { newEmail } = open('EmailChange', { id, newEmail: found.newEmail });
    const { email } = seal('User', { id: userId, email: newEmail });
    const index = blindIndex('email', newEmail);
    const [made] = await visit.tx.$queryRaw<Made[]>`
      SELECT change_email(${hashOf(token)}, ${visit.now}, ${email}, ${index.a}, ${index.b}) AS outcome`;
    if (made?.outcome !== 'done') return denied(visit.record, made?.outcome === 'taken' ? 'taken' : 'link');
    await wantJob(visit, {
      kind: 'email_change_mail',
      key: `email-changed ${id}`,
      payload: { emailChangeId: id, mail: 'email_changed' },
    });
    visit.record({ action: 'email.update', resourceType: 'user', resourceId: userId, userId });
    return 'done';
  });
  if (outcome !== 'done') throw refusal(outcome);
}

/**
 * Takes a change back for whoever reads the old mailbox, and whatever was changed after it; ends every session.
 *
 * @throws Refusal for a link that no longer works, and for an address that somebody has by now.
 */
export async function keepEmail(desk: GuestDesk, { token }: Link): Promise<void> {
  const outcome = await desk.enter(async (visit) => {
    const found = await findEmailChange(visit, 'keep_email', token);
    if (!found) return denied(visit.record, 'link');
    const { id, userId } = found;
    const { oldEmail } = open('EmailChange', { id, oldEmail: found.oldEmail });
    const { email } = seal('User', { id: userId, email: oldEmail });
    const index = blindIndex('email', oldEmail);
    const [made] = await visit.tx.$queryRaw<Made[]>`
      SELECT keep_email(${hashOf(token)}, ${visit.now}, ${email}, ${index.a}, ${index.b}) AS outcome`;
    if (made?.outcome !== 'done') return denied(visit.record, made?.outcome === 'taken' ? 'taken' : 'link');
    visit.record({ action: 'email.restore', resourceType: 'user', resourceId: userId, userId });
    return 'done';
  });
  if (outcome !== 'done') throw refusal(outcome);
}

/** Whether a link can still be used. Looking changes nothing. */
export const readChangeLink = (desk: GuestDesk, { token }: Link) => works(desk, 'change_email', token);
export const readKeepLink = (desk: GuestDesk, { token }: Link) => works(desk, 'keep_email', token);

async function works(desk: GuestDesk, purpose: 'change_email' | 'keep_email', token: string) {
  return { works: (await desk.enter((visit) => findEmailChange(visit, purpose, token))) !== null };
}

type Made = { readonly outcome: 'done' | 'taken' | 'unknown' };
type Denied = 'link' | 'taken';

function denied(record: Parameters<Parameters<GuestDesk['enter']>[0]>[0]['record'], reason: Denied): Denied {
  record({ action: 'email.deny', resourceType: 'user', details: { reason } });
  return reason;
}

const refusal = (reason: Denied) =>
  new Refusal(
    reason === 'taken'
      ? 'Another account has this address by now. Nothing has changed.'
      : 'This link no longer works. Nothing has changed.',
  );
