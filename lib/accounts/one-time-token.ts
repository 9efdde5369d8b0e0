/**
 * Links that are sent by mail: 256 random bits, of which only a hash is kept; good for one purpose, once, for half an
 * hour (ASVS V6.4.1, V9.2.2).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { TokenPurpose } from '@/lib/generated/prisma/enums';
import { newId } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import type { Guest, System, Visit } from '@/lib/platform/visit';
import { linkMinutes } from '@/lib/rules/lockout';

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The page behind each kind of link: a form with a button, since looking at a link must change nothing. */
const pages = { reset_password: '/reset-password', unlock: '/unlock' } as const satisfies Record<TokenPurpose, string>;

/** Makes a link for a person. Its address is built from `APP_URL` and from nothing that a request says. */
export async function makeLink({ tx, now }: Visit<System>, userId: string, purpose: TokenPurpose): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await tx.oneTimeToken.createMany({
    data: {
      id: newId(),
      userId,
      purpose,
      secretHash: hashOf(secret),
      createdAt: now,
      expiresAt: new Date(now.getTime() + linkMinutes * 60_000),
    },
  });
  return `${env().APP_URL}${pages[purpose]}?token=${secret}`;
}

type Found = { readonly id: string; readonly userId: string };

/** The token that a link carries, where it is of this purpose and still good. Nothing is used up by looking. */
export async function findToken(visit: Visit<Guest>, purpose: TokenPurpose, secret: string): Promise<Found | null> {
  return visit.tx.oneTimeToken.findFirst({
    where: { secretHash: hashOf(secret), purpose, usedAt: null, expiresAt: { gt: visit.now } },
    select: { id: true, userId: true },
  });
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

/** Makes the other links of a person worthless. */
export async function spendTokens({ tx, now }: Visit<Guest>, userId: string): Promise<void> {
  await tx.oneTimeToken.updateMany({ where: { userId, usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } });
}

export const usedUp = () =>
  new Refusal(
    `This link no longer works: it works once, and for ${linkMinutes} minutes. Nothing has changed. Ask for a new one.`,
  );
