import type { Prisma } from '@/lib/generated/prisma/client';
import { newestFirst, type PageAsked } from '@/lib/platform/newest-first';
import { open } from '@/lib/platform/sealing';
import type { Operator, Visit } from '@/lib/platform/visit';

export type AccountsShow = 'recent' | 'locked' | 'suspended' | 'admins';

/** A page of accounts, newest first. Opens the names and e-mails that it shows. */
export async function listAccounts(visit: Visit<Operator>, asked: PageAsked & { readonly show: AccountsShow }) {
  const { tx, now } = visit;
  const shown: Readonly<Record<AccountsShow, Prisma.UserWhereInput>> = {
    recent: {},
    locked: { accountLockedUntil: { gt: now } },
    suspended: { suspendedAt: { not: null } },
    admins: { role: 'admin' },
  };
  const { rows, newer, older } = await newestFirst(asked, ({ where, ...part }) =>
    tx.user.findMany({ ...part, where: { AND: [where, shown[asked.show]] }, select: accountColumns }),
  );
  if (rows.length > 0) {
    visit.record({ action: 'user.read', resourceType: 'user', details: { ids: rows.map(({ id }) => id) } });
  }
  return { now, show: asked.show, accounts: rows.map((row) => openAccount(row, now)), newer, older };
}

/** What the operator sees of every account. */
export const accountColumns = {
  id: true,
  name: true,
  email: true,
  role: true,
  createdAt: true,
  lastLogin: true,
  accountLockedUntil: true,
  twoFactorEnabled: true,
  suspendedAt: true,
} as const satisfies Prisma.UserSelect;

/** Whoever calls this records whose account was opened. */
export function openAccount(row: Prisma.UserGetPayload<{ select: typeof accountColumns }>, now: Date) {
  const { accountLockedUntil, lastLogin, ...account } = open('User', row);
  const isLocked = accountLockedUntil !== null && accountLockedUntil > now;
  return { ...account, lastSignInAt: lastLogin, lockedUntil: isLocked ? accountLockedUntil : null };
}
