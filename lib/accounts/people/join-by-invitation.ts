/** Somebody who was invited and has no account yet makes one. */

import { hashOf } from '@/lib/accounts/one-time-token';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { blindIndex, seal } from '@/lib/platform/sealing';
import { passwordProblem } from '@/lib/rules/password';
import { invitationOver, type Joined, recordJoining } from './accept-invitation';
import { findInvitation } from './read-invitation';

type Joining = { readonly token: string; readonly name: string; readonly password: string };

/**
 * Makes an account of the address that was invited, and makes it a member. The address needs no other confirmation: the
 * link was sent there. Signs nobody in, since that may take more than a password.
 *
 * @throws Refusal for a link that no longer works, an address that has an account by now, or a password against the rules.
 */
export async function joinByInvitation(desk: GuestDesk, { token, name, password }: Joining): Promise<void> {
  const found = await desk.enter(async (visit) => {
    const invitation = await findInvitation(visit, token);
    const isOpen = invitation?.state === 'open';
    visit.record({
      action: isOpen ? 'invitation.read' : 'invitation.deny',
      resourceType: 'invitation',
      ...(invitation && { resourceId: invitation.id }),
      ...(!isOpen && { details: { reason: 'link' } }),
    });
    return isOpen ? invitation : null;
  });
  if (!found) throw invitationOver();
  const { email } = found;
  const problem = passwordProblem(password, [email, name]);
  if (problem !== null)
    throw new Refusal('Please check what is marked. There is no account yet.', { password: problem });
  const passwordHash = await hashPassword(password);
  const outcome = await desk.enter(async (visit) => {
    const id = newId();
    const user = seal('User', { id, email, name });
    const index = blindIndex('email', email);
    const [made] = await visit.tx.$queryRaw<Made[]>`
      SELECT * FROM join_by_invitation(
        ${hashOf(token)}, ${visit.now}, ${id}::uuid, ${user.email}, ${index.a}, ${index.b}, ${user.name}, ${passwordHash})`;
    if (made?.outcome !== 'done') {
      const reason = made?.outcome === 'taken' ? 'taken' : 'link';
      visit.record({
        action: 'invitation.deny',
        resourceType: 'invitation',
        resourceId: found.id,
        details: { reason },
      });
      return reason;
    }
    visit.record({ action: 'user.create', resourceType: 'user', resourceId: id, userId: id });
    recordJoining(visit, id, made);
    return 'done';
  });
  if (outcome === 'link') throw invitationOver();
  if (outcome === 'taken')
    throw new Refusal('There is an account with this e-mail by now. Open the link again, and sign in.');
}

type Made = Joined & { readonly outcome: 'done' | 'taken' | 'unknown' };
