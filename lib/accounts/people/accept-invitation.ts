/** An invitation is accepted by whoever reads the mail at its address and is signed in as it. */

import { hashOf } from '@/lib/accounts/one-time-token';
import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import { Refusal } from '@/lib/platform/errors';
import type { Guest, Visit } from '@/lib/platform/visit';
import { findInvitation } from './read-invitation';

type Link = { readonly token: string };

/**
 * Makes the viewer a member of the business that invited them, and opens it in this session.
 *
 * @throws Refusal for a link that no longer works, or one that was sent to another address.
 */
export async function acceptInvitation(desk: PersonDesk, { token }: Link): Promise<void> {
  const { userId, sessionId } = desk.viewer;
  const reason = await desk.enter(async (visit) => {
    const [joined] = await visit.tx.$queryRaw<Joined[]>`
      SELECT * FROM accept_invitation(${hashOf(token)}, ${userId}::uuid, ${sessionId}::uuid, ${visit.now})`;
    if (joined) {
      recordJoining(visit, userId, joined);
      return null;
    }
    const found = await findInvitation(visit, token);
    const why = found?.state === 'open' ? 'address' : 'link';
    visit.record({
      action: 'invitation.deny',
      resourceType: 'invitation',
      ...(found && { resourceId: found.id }),
      userId,
      details: { reason: why },
    });
    return why;
  });
  if (reason === 'link') throw invitationOver();
  if (reason === 'address')
    throw new Refusal('This invitation was sent to another address than the one of this account. Nothing has changed.');
}

/** What the database says of an invitation that was taken up. */
export type Joined = { readonly business_id: string; readonly id: string; readonly role: string };

/** Says in the trail of the business that somebody has joined it. */
export const recordJoining = ({ record }: Visit<Guest>, userId: string, joined: Joined): void =>
  record({
    action: 'membership.create',
    resourceType: 'membership',
    resourceId: userId,
    userId,
    businessId: joined.business_id,
    details: { role: joined.role, ids: [joined.id] },
  });

export const invitationOver = () =>
  new Refusal('This invitation no longer works. Nothing has changed. Ask whoever invited you to send it again.');
