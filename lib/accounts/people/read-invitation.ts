/** What the link of an invitation leads to, for whoever has opened it. */

import { hashOf } from '@/lib/accounts/one-time-token';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { blindIndex, hasIndex, open } from '@/lib/platform/sealing';
import type { Guest, Person, Visit } from '@/lib/platform/visit';

type Found = {
  readonly business_id: string;
  readonly id: string;
  readonly business_name: string;
  readonly email: Uint8Array<ArrayBuffer>;
  readonly role: 'business_owner' | 'staff';
  readonly state: 'open' | 'accepted' | 'withdrawn' | 'expired';
};

/** An invitation by what its link carries. Nothing is used up by looking. */
export async function findInvitation({ tx, now }: Visit<Guest>, token: string) {
  const [found] = await tx.$queryRaw<Found[]>`SELECT * FROM find_invitation(${hashOf(token)}, ${now})`;
  if (!found) return null;
  const { email } = open('Invitation', { id: found.id, businessId: found.business_id, email: found.email });
  return { ...found, email };
}

/**
 * Whether the link works, what it offers, and what comes next: to `accept` it, to `switch` to the account that it is for,
 * to `sign in` to it, to `join` with a new one; or `never`, for an account that runs the platform.
 */
export async function readInvitation(desk: GuestDesk, { token }: { readonly token: string }, viewer: Person | null) {
  return desk.enter(async (visit) => {
    const found = await findInvitation(visit, token);
    if (!found) return { state: 'unknown' as const };
    if (found.state !== 'open') return { state: found.state };
    const account = await visit.tx.user.findFirst({
      where: hasIndex('emailIndex', blindIndex('email', found.email)),
      select: { id: true, role: true },
    });
    visit.record({
      action: 'invitation.read',
      resourceType: 'invitation',
      resourceId: found.id,
      ...(viewer && { userId: viewer.userId }),
    });
    const { business_name: business, role, email } = found;
    return { state: found.state, business, role, email, next: nextOf(account, viewer) };
  });
}

type Account = { readonly id: string; readonly role: 'admin' | 'user' } | null;

/** What whoever has opened the link would have to do. */
export type NextStep = 'accept' | 'switch' | 'sign in' | 'join' | 'never';

function nextOf(account: Account, viewer: Person | null): NextStep {
  if (account?.role === 'admin') return 'never';
  if (viewer) return viewer.userId === account?.id ? 'accept' : 'switch';
  return account ? 'sign in' : 'join';
}
