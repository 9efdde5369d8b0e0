/** Somebody's telephone with an authenticator app on it. */
import { generateSync } from 'otplib';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { newId } from '@/lib/platform/clock';
import { newRecoveryCodes } from '@/lib/platform/recovery-codes';
import { seal } from '@/lib/platform/sealing';
import { newTotpSecret } from '@/lib/platform/totp';
import { inGroups } from '@/lib/rules/second-factor';

/** The code that the app shows at a moment. */
export const codeAt = (secret: string, at: Date): string =>
  generateSync({ secret, epoch: Math.floor(at.getTime() / 1000) });

/** Turns the second factor of an account on, with rows. */
export async function giveSecondFactor(owner: PrismaClient, userId: string) {
  const secret = newTotpSecret();
  const { codes, salt, hashes } = await newRecoveryCodes();
  const { twoFactorSecret } = seal('User', { id: userId, twoFactorSecret: secret });
  await owner.user.update({ where: { id: userId }, data: { twoFactorEnabled: true, twoFactorSecret } });
  await owner.recoveryCode.createMany({
    data: hashes.map((codeHash) => ({ id: newId(), userId, salt, codeHash, createdAt: new Date() })),
  });
  return { secret, recoveryCodes: codes.map((code) => inGroups(code)) };
}
