import { newId } from '@/lib/platform/clock';
import { blindIndex, hasIndex, indexColumns, indexWords, seal } from '@/lib/platform/sealing';
import type { System, Visit } from '@/lib/platform/visit';
import type { Steps } from './steps';

/** Entries of the trail in one transaction. */
const AT_A_TIME = 500;

/**
 * Deletes an account with everything that hangs on it, then where it came from in the trail. An account that is gone
 * already is looked for in the trail all the same: a run may have been killed in between.
 *
 * @param insisting false after a restore, where the account may be the only owner of a business that was handed over since:
 *   then it stays as an empty shell that nobody can sign in to, rather than stay as it was.
 */
export async function eraseAccountRows(steps: Steps, userId: string, insisting = true): Promise<void> {
  const typed = await steps.asSystem(async (visit) => {
    const words = await forgetAddress(visit, userId);
    if (insisting || (await canGo(visit, userId))) await visit.tx.user.deleteMany({ where: { id: userId } });
    else await emptyShell(visit, userId);
    visit.record({ action: 'account.delete', resourceType: 'user', resourceId: userId });
    return words;
  });
  let blanked: number;
  do {
    blanked = await steps.asSystem(async ({ tx }) => {
      const [done] = await tx.$queryRaw<{ count: number }[]>`
        SELECT blank_person_in_trail(${userId}::uuid, ${typed}::text[], ${AT_A_TIME}) AS count`;
      return done?.count ?? 0;
    });
  } while (blanked > 0);
}

const canGo = async ({ tx }: Visit<System>, userId: string): Promise<boolean> => {
  const obstacles = await tx.$queryRaw<unknown[]>`
    SELECT FROM what_keeps_account(${userId}::uuid) WHERE why IN ('sole_owner', 'last_admin')`;
  return obstacles.length === 0;
};

/** What others did with the address: asked it into a business, or guessed at it. @returns its index, as the trail has it. */
async function forgetAddress({ tx }: Visit<System>, userId: string): Promise<readonly string[]> {
  const user = await tx.user.findUnique({ where: { id: userId }, select: { emailIndex: true, emailIndexB: true } });
  if (!user) return [];
  const index = { a: user.emailIndex, b: user.emailIndexB };
  const where = hasIndex('emailIndex', index);
  await tx.invitation.deleteMany({ where });
  await tx.signUp.deleteMany({ where });
  await tx.unknownSignIn.deleteMany({ where });
  return [indexWords(index)].flat();
}

/** Nobody is in it and nobody gets in: there is no password, and its address is none. */
async function emptyShell({ tx }: Visit<System>, id: string): Promise<void> {
  const where = { userId: id };
  await tx.session.deleteMany({ where });
  await tx.credential.deleteMany({ where });
  await tx.oneTimeToken.deleteMany({ where });
  await tx.emailChange.deleteMany({ where });
  await tx.recoveryCode.deleteMany({ where });
  await tx.pendingSignIn.deleteMany({ where });
  await tx.knownDevice.deleteMany({ where });
  await tx.mobileNumber.deleteMany({ where });
  await tx.telling.deleteMany({ where });
  const email = `${newId()}@erased.invalid`;
  await tx.user.updateMany({
    where: { id },
    data: {
      ...seal('User', { id, email, name: 'Erased' }),
      ...indexColumns('emailIndex', blindIndex('email', email)),
      twoFactorEnabled: false,
      twoFactorSecret: null,
      twoFactorLastStep: null,
      lastLogin: null,
      dataProcessingConsent: false,
      marketingConsent: false,
      consentDate: null,
    },
  });
}
