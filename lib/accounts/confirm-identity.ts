/** Somebody who is signed in shows that it is still them, before what an unlocked screen must not give away. */
import type { Role } from '@/lib/rules/permissions';
import { type PersonDesk, provePassword } from './prove-password';
import { renewSession } from './renew-session';
import { takeTryBack } from './reserve-try';

type Proof = { readonly password: string };

/**
 * Checks the password and lets the session go on under a new id (ASVS V7.2.4, V7.5.1).
 *
 * @throws TooMany, Uncounted, or Refusal beside the field that was wrong.
 */
export async function confirmIdentity(
  desk: PersonDesk,
  { password }: Proof,
): Promise<{ readonly sessionId: string; readonly role: Role }> {
  const { userId, sessionId, role } = desk.viewer;
  const tried = await provePassword(desk, password, {
    denied: 'session.deny',
    field: 'password',
    unchanged: 'You are still signed in.',
  });
  return desk.enter(async (visit) => {
    await takeTryBack(visit, userId, tried.deviceId);
    const renewed = await renewSession(visit, sessionId, desk.origin);
    visit.record({
      action: 'session.renew',
      resourceType: 'session',
      resourceId: renewed.id,
      userId,
      details: { ids: [sessionId] },
      ...(renewed.businessId !== null && { businessId: renewed.businessId }),
    });
    return { sessionId: renewed.id, role };
  });
}
