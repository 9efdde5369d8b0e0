/** Codes of the second factor: what one is, and that it works once. */

import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { wantJob } from '@/lib/jobs/want-job';
import { hashRecoveryCode } from '@/lib/platform/recovery-codes';
import { open } from '@/lib/platform/sealing';
import { stepOfCode } from '@/lib/platform/totp';
import type { Guest, Visit } from '@/lib/platform/visit';
import { readTypedCode } from '@/lib/rules/second-factor';

/** A code that may be good. Whether it is, and is for the first time, `spendCode` finds out. */
export type Code =
  | { readonly kind: 'app'; readonly step: number }
  | { readonly kind: 'recovery'; readonly hash: string };

/** Looks at what was typed. Changes nothing, and hashes with nothing open. `null`: it is certainly no code of theirs. */
export async function recogniseCode(desk: GuestDesk, userId: string, typed: string): Promise<Code | null> {
  const read = readTypedCode(typed);
  if (read === null) return null;
  if (read.kind === 'app') {
    const user = await desk.enter(({ tx }) =>
      tx.user.findFirst({ where: { id: userId, twoFactorEnabled: true }, select: { id: true, twoFactorSecret: true } }),
    );
    if (!user) return null;
    const { twoFactorSecret: secret } = open('User', user);
    const step = secret === null ? null : stepOfCode(secret, read.code, desk.now);
    return step === null ? null : { kind: 'app', step };
  }
  const set = await desk.enter(({ tx }) => tx.recoveryCode.findFirst({ where: { userId }, select: { salt: true } }));
  return set && { kind: 'recovery', hash: await hashRecoveryCode(read.code, set.salt) };
}

/**
 * Uses a code up, once, however many try at the same time (ASVS V6.5.1): in the transaction of what it opens. A code of the
 * app is used by moving the last used step forward, so one that is older than the last is used, too. Of a recovery code
 * its owner hears by mail.
 *
 * @returns whether it was good, and for the first time.
 */
export async function spendCode(visit: Visit<Guest>, userId: string, code: Code): Promise<boolean> {
  const { tx, now } = visit;
  if (code.kind === 'app') {
    const { count } = await tx.user.updateMany({
      where: {
        id: userId,
        twoFactorEnabled: true,
        OR: [{ twoFactorLastStep: null }, { twoFactorLastStep: { lt: code.step } }],
      },
      data: { twoFactorLastStep: code.step },
    });
    return count === 1;
  }
  const { count } = await tx.recoveryCode.updateMany({
    where: { userId, codeHash: code.hash, usedAt: null },
    data: { usedAt: now },
  });
  if (count === 0) return false;
  const used = await tx.recoveryCode.findFirstOrThrow({ where: { userId, codeHash: code.hash }, select: { id: true } });
  await wantJob(visit, {
    kind: 'account_mail',
    key: `recovery-code-used ${used.id}`,
    payload: { userId, mail: 'recovery_code_used' },
  });
  visit.record({ action: 'recovery_code.use', resourceType: 'recovery_code', resourceId: used.id, userId });
  return true;
}
