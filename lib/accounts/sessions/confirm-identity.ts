/** Somebody who is signed in shows that it is still them, before what an unlocked screen must not give away. */

import { wrongCode } from '@/lib/accounts/second-factor/pass-second-factor';
import { recogniseCode, spendCode } from '@/lib/accounts/second-factor/spend-code';
import { countOrDeny } from '@/lib/accounts/sign-in/count-or-deny';
import { letTryStand, takeTryBack } from '@/lib/accounts/sign-in/reserve-try';
import { Refusal } from '@/lib/platform/errors';
import type { Guest, Visit } from '@/lib/platform/visit';
import type { Role } from '@/lib/rules/permissions';
import { codesPerAccount } from '@/lib/rules/second-factor';
import { type PersonDesk, provePassword } from './prove-password';
import { renewSession } from './renew-session';

type Proof = { readonly password: string; readonly code: string };

class WrongCode extends Error {}

/**
 * Checks the password, and the second factor where there is one, and lets the session go on under a new id (ASVS V7.2.4, V7.5.1).
 *
 * @throws TooMany, Uncounted, or Refusal beside the field that was wrong.
 */
export async function confirmIdentity(
  desk: PersonDesk,
  { password, code: typed }: Proof,
): Promise<{ readonly sessionId: string; readonly role: Role }> {
  const { userId, sessionId, role } = desk.viewer;
  const tried = await provePassword(desk, password, {
    denied: 'session.deny',
    field: 'password',
    unchanged: 'You are still signed in.',
  });
  const { twoFactorEnabled } = await desk.enter(({ tx }) =>
    tx.user.findUniqueOrThrow({ where: { id: userId }, select: { twoFactorEnabled: true } }),
  );
  try {
    if (!twoFactorEnabled) return await desk.enter((visit) => goOn(visit));
    await countOrDeny([[codesPerAccount, userId]], deny);
    const code = await recogniseCode(desk, userId, typed);
    if (!code) throw new WrongCode();
    return await desk.enter(async (visit) => {
      if (!(await spendCode(visit, userId, code))) throw new WrongCode();
      return goOn(visit);
    });
  } catch (error) {
    if (!(error instanceof WrongCode)) throw error;
    await deny('wrong code');
    throw new Refusal('Please check what is marked. You are still signed in.', { code: wrongCode });
  }

  function deny(reason: string) {
    return desk.enter(async (visit) => {
      await letTryStand(visit, tried);
      visit.record({ action: 'session.deny', resourceType: 'user', resourceId: userId, userId, details: { reason } });
    });
  }

  async function goOn(visit: Visit<Guest>) {
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
  }
}
