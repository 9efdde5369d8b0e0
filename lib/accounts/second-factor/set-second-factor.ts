/** The second factor of somebody who is signed in: set up, confirmed by a code, turned off, new recovery codes. */

import { endSessions } from '@/lib/accounts/password/set-password';
import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { newRecoveryCodes, type RecoverySet } from '@/lib/platform/recovery-codes';
import { open, seal } from '@/lib/platform/sealing';
import { newTotpSecret, stepOfCode } from '@/lib/platform/totp';
import type { Guest, Visit } from '@/lib/platform/visit';
import type { AccountMail } from '@/lib/rules/account-mail';
import { inGroups, readTypedCode } from '@/lib/rules/second-factor';
import { wrongCode } from './pass-second-factor';

/** Shown once, and kept nowhere but as hashes. */
export type ShownCodes = { readonly codes: readonly string[] };

/**
 * Makes a secret that a code must confirm. Until then it asks nobody for anything, and a second beginning replaces it.
 *
 * @throws Refusal where a second factor is on.
 */
export async function beginSecondFactor(desk: PersonDesk): Promise<void> {
  const { userId } = desk.viewer;
  await desk.enter(async (visit) => {
    const { twoFactorSecret } = seal('User', { id: userId, twoFactorSecret: newTotpSecret() });
    const { count } = await visit.tx.user.updateMany({
      where: { id: userId, twoFactorEnabled: false },
      data: { twoFactorSecret, twoFactorLastStep: null },
    });
    if (count === 0)
      throw new Refusal('Your second factor is on already. Turn it off first to move it to another app.');
    visit.record({ action: 'second_factor.begin', resourceType: 'user', resourceId: userId, userId });
  });
}

/**
 * Turns the second factor on with a code of the app that has the secret; every other session ends. The code is used up by
 * it. A wrong one counts against nobody: the secret it is compared with is on the screen of whoever types.
 *
 * @returns the recovery codes.
 * @throws Refusal beside the field.
 */
export async function confirmSecondFactor(desk: PersonDesk, { code: typed }: { readonly code: string }) {
  const { userId } = desk.viewer;
  const user = await desk.enter(({ tx }) =>
    tx.user.findFirst({ where: { id: userId, twoFactorEnabled: false }, select: { id: true, twoFactorSecret: true } }),
  );
  const secret = user && open('User', user).twoFactorSecret;
  if (!user || secret === null)
    throw new Refusal('This was begun somewhere else again, or is done. Load the page again.');
  const read = readTypedCode(typed);
  const step = read?.kind === 'app' ? stepOfCode(secret, read.code, desk.now) : null;
  if (step === null) throw new Refusal('Please check what is marked. Nothing has changed.', { code: wrongCode });
  const set = await newRecoveryCodes();
  await desk.enter(async (visit) => {
    const { count } = await visit.tx.user.updateMany({
      where: { id: userId, twoFactorEnabled: false, twoFactorSecret: user.twoFactorSecret },
      data: { twoFactorEnabled: true, twoFactorLastStep: step },
    });
    if (count === 0) throw new Refusal('This was begun somewhere else again, or is done. Load the page again.');
    await keepRecoveryCodes(visit, userId, set);
    await finish(visit, desk, 'second_factor.create', 'second_factor_on');
  });
  return shown(set);
}

/**
 * Ten new recovery codes; the old ones are worth nothing, and every other session ends.
 *
 * @throws Refusal where no second factor is on.
 */
export async function replaceRecoveryCodes(desk: PersonDesk): Promise<ShownCodes> {
  const { userId } = desk.viewer;
  const set = await newRecoveryCodes();
  await desk.enter(async (visit) => {
    // Held, so that of two requests one replaces what the other made, and neither leaves twenty.
    const [user] = await visit.tx.$queryRaw<{ enabled: boolean }[]>`
      SELECT two_factor_enabled AS enabled FROM users WHERE id = ${userId}::uuid FOR UPDATE`;
    if (!user?.enabled) throw new Refusal('Your second factor is off, so there is nothing to recover.');
    await keepRecoveryCodes(visit, userId, set);
    await finish(visit, desk, 'recovery_code.create', 'recovery_codes_new');
  });
  return shown(set);
}

/**
 * Turns the second factor off, forgets its secret and its recovery codes, and ends every other session.
 *
 * @throws Refusal where it must stay on.
 */
export async function removeSecondFactor(desk: PersonDesk): Promise<void> {
  const { userId } = desk.viewer;
  await desk.enter(async (visit) => {
    const [found] = await visit.tx.$queryRaw<{ required: boolean }[]>`
      SELECT needs_second_factor(${userId}::uuid) AS required`;
    if (found?.required !== false)
      throw new Refusal('Your account must have a second factor, so it stays on. Nothing has changed.');
    await visit.tx.user.updateMany({
      where: { id: userId },
      data: { twoFactorEnabled: false, twoFactorSecret: null, twoFactorLastStep: null },
    });
    await visit.tx.recoveryCode.deleteMany({ where: { userId } });
    await finish(visit, desk, 'second_factor.delete', 'second_factor_off');
  });
}

async function keepRecoveryCodes({ tx, now }: Visit<Guest>, userId: string, { salt, hashes }: RecoverySet) {
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({
    data: hashes.map((codeHash) => ({ id: newId(), userId, salt, codeHash, createdAt: now })),
  });
}

/** What follows each of these changes: other sessions end (ASVS V7.4.3), their owner hears of it, and the trail knows. */
async function finish(
  visit: Visit<Guest>,
  { viewer: { userId, sessionId, businessId } }: PersonDesk,
  action: 'second_factor.create' | 'second_factor.delete' | 'recovery_code.create',
  mail: AccountMail,
): Promise<void> {
  await endSessions(visit, userId, sessionId);
  await wantJob(visit, { kind: 'account_mail', key: `${mail} ${newId()}`, payload: { userId, mail } });
  visit.record({ action, resourceType: 'user', resourceId: userId, userId, ...(businessId && { businessId }) });
}

const shown = ({ codes }: RecoverySet): ShownCodes => ({ codes: codes.map((code) => inGroups(code)) });
