/**
 * Links that are sent by mail: 256 random bits, of which only a hash is kept; good for one purpose, once, for half an
 * hour, or a day where nothing is there yet to be taken over (ASVS V6.4.1, V9.2.2).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { TokenPurpose } from '@/lib/generated/prisma/enums';
import { newId } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import type { Guest, System, Visit } from '@/lib/platform/visit';
import { wayBackDays } from '@/lib/rules/email-change';
import { linkMinutes } from '@/lib/rules/lockout';
import { confirmHours } from '@/lib/rules/sign-up';

/** What a link carries. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
/** What is kept of it. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The page behind each kind of link: a form with a button, since looking at a link must change nothing. */
const pages = {
  reset_password: '/reset-password',
  unlock: '/unlock',
  confirm_email: '/confirm-email',
  change_email: '/change-email',
  keep_email: '/keep-email',
  new_admin: '/new-admin',
} as const satisfies Record<TokenPurpose, string>;

/** Makes a link for a person. Its address is built from `APP_URL` and from nothing that a request says. */
export const makeLink = (visit: Visit<System>, userId: string, purpose: TokenPurpose): Promise<string> =>
  make(visit, { userId }, purpose, linkMinutes);

/** The same for somebody who has no account yet. */
export const makeSignUpLink = (visit: Visit<System>, signUpId: string): Promise<string> =>
  make(visit, { signUpId }, 'confirm_email', confirmHours * 60);

/** The same for a change of address: to confirm it, or, for a week, to take it back. */
export const makeEmailChangeLink = (
  visit: Visit<System>,
  { id, userId }: { readonly id: string; readonly userId: string },
  purpose: 'change_email' | 'keep_email',
): Promise<string> =>
  make(visit, { userId, emailChangeId: id }, purpose, purpose === 'keep_email' ? wayBackDays * 1_440 : linkMinutes);

async function make(
  { tx, now }: Visit<System>,
  subject: { readonly userId: string; readonly emailChangeId?: string } | { readonly signUpId: string },
  purpose: TokenPurpose,
  minutes: number,
): Promise<string> {
  const secret = newSecret();
  await tx.oneTimeToken.createMany({
    data: {
      id: newId(),
      ...subject,
      purpose,
      secretHash: hashOf(secret),
      createdAt: now,
      expiresAt: new Date(now.getTime() + minutes * 60_000),
    },
  });
  return `${env().APP_URL}${pages[purpose]}?token=${secret}`;
}

type Found = { readonly id: string; readonly userId: string };

/** The token that a link carries, where it is of this purpose and still good. Nothing is used up by looking. */
export async function findToken(visit: Visit<Guest>, purpose: TokenPurpose, secret: string): Promise<Found | null> {
  const found = await visit.tx.oneTimeToken.findFirst({
    where: { secretHash: hashOf(secret), purpose, usedAt: null, expiresAt: { gt: visit.now } },
    select: { id: true, userId: true },
  });
  return found?.userId ? { id: found.id, userId: found.userId } : null;
}

/** The sign-up that a link was sent for, where both are still good. */
export async function findSignUp({ tx, now }: Visit<Guest>, secret: string) {
  const found = await tx.oneTimeToken.findFirst({
    where: { secretHash: hashOf(secret), purpose: 'confirm_email', usedAt: null, expiresAt: { gt: now } },
    select: { signUp: { select: { id: true, email: true, name: true, businessName: true, passwordHash: true } } },
  });
  return found?.signUp ?? null;
}

/** The change of address that a link was sent for, where the link is still good. */
export async function findEmailChange({ tx, now }: Visit<Guest>, purpose: TokenPurpose, secret: string) {
  const found = await tx.oneTimeToken.findFirst({
    where: { secretHash: hashOf(secret), purpose, usedAt: null, expiresAt: { gt: now } },
    select: { emailChange: { select: { id: true, userId: true, oldEmail: true, newEmail: true } } },
  });
  return found?.emailChange ?? null;
}

/**
 * Uses a token up, once, however many try at the same time.
 *
 * @throws Refusal when somebody else was quicker, or it ran out.
 */
export async function spendToken({ tx, now }: Visit<Guest>, { id }: Found): Promise<void> {
  const { count } = await tx.oneTimeToken.updateMany({
    where: { id, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count === 0) throw usedUp();
}

/** Makes the other links of a person worthless, but for the way back from a change of address: it may be their last. */
export async function spendTokens({ tx, now }: Visit<Guest>, userId: string): Promise<void> {
  await tx.oneTimeToken.updateMany({
    where: { userId, usedAt: null, expiresAt: { gt: now }, purpose: { not: 'keep_email' } },
    data: { usedAt: now },
  });
}

export const usedUp = () =>
  new Refusal(
    `This link no longer works: it works once, and for ${linkMinutes} minutes. Nothing has changed. Ask for a new one.`,
  );
