/** Between the password and the code: a row that opens nothing but the question for the code (ASVS V2.3.1). */
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import type { Guest, Visit } from '@/lib/platform/visit';
import { pendingMinutes } from '@/lib/rules/second-factor';

type Pending = { readonly id: string; readonly userId: string };

/** Remembers that the password was right. */
export async function awaitCode({ tx, now }: Visit<Guest>, userId: string): Promise<string> {
  const id = newId();
  await tx.pendingSignIn.deleteMany({ where: { userId, expiresAt: { lte: now } } });
  await tx.pendingSignIn.createMany({
    data: { id, userId, createdAt: now, expiresAt: new Date(now.getTime() + pendingMinutes * 60_000) },
  });
  return id;
}

/** The sign-in that waits for its code; `null` where it waited too long, is over, or never was. */
export async function findPending({ tx, now }: Visit<Guest>, id: string | null): Promise<Pending | null> {
  if (id === null) return null;
  return tx.pendingSignIn.findFirst({
    where: { id, usedAt: null, expiresAt: { gt: now } },
    select: { id: true, userId: true },
  });
}

/**
 * Ends the waiting, once.
 *
 * @throws Refusal when another request was quicker.
 */
export async function spendPending({ tx, now }: Visit<Guest>, { id }: Pending): Promise<void> {
  const { count } = await tx.pendingSignIn.updateMany({
    where: { id, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count === 0) throw waitedTooLong();
}

/** Whoever waits for a code with an old password waits in vain. */
export async function endPending({ tx }: Visit<Guest>, userId: string): Promise<void> {
  await tx.pendingSignIn.deleteMany({ where: { userId } });
}

export const waitedTooLong = () =>
  new Refusal(`That took longer than ${pendingMinutes} minutes, or is done already. Begin again with your password.`);
