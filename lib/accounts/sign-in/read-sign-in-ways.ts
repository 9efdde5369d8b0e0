import { open } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';

/** What the viewer signs in with: their e-mail, and whether a code comes with the password. */
export async function readSignInWays({
  tx,
  viewer,
}: Visit<Person>): Promise<{ readonly email: string; readonly hasSecondFactor: boolean }> {
  const user = await tx.user.findFirstOrThrow({
    where: { id: viewer.userId },
    select: { id: true, email: true, twoFactorEnabled: true },
  });
  return { email: open('User', user).email, hasSecondFactor: user.twoFactorEnabled };
}
