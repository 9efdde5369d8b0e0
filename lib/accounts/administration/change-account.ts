/** What every change of somebody else's account by the operator has in common. */
import type { AccountRole } from '@/lib/generated/prisma/enums';
import { NotFound, Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';

export type Account = { readonly id: string; readonly role: AccountRole; readonly suspendedAt: Date | null };

/**
 * The account to change.
 *
 * @throws NotFound for an id that is none; Refusal for one's own account, which the database would not change either.
 */
export async function accountOf({ tx, viewer }: Visit<Operator>, id: string): Promise<Account> {
  const account = await tx.user.findFirst({ where: { id }, select: { id: true, role: true, suspendedAt: true } });
  if (!account) throw new NotFound();
  if (id === viewer.userId)
    throw new Refusal('This is your own account, which another admin has to change. Nothing has changed.');
  return account;
}

/** Ends every session that somebody has. What they ask next finds them signed out. */
export async function endSessionsOf({ tx, now }: Visit<Operator>, userId: string): Promise<number> {
  const { count } = await tx.session.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } });
  return count;
}

/**
 * Does what could take the last admin away. The database refuses that, also where two do it to each other at once.
 *
 * @throws Refusal where nobody would be left who can run the platform.
 */
export async function unlessLastAdmin<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('the last admin stays')) throw error;
    throw new Refusal(
      'This is the last admin who can sign in. Make somebody else an admin first. Nothing has changed.',
    );
  }
}
