import { open } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';

/** The e-mail that the viewer signs in with. */
export async function readSignInName({ tx, viewer }: Visit<Person>): Promise<{ readonly email: string }> {
  const user = await tx.user.findFirstOrThrow({ where: { id: viewer.userId }, select: { id: true, email: true } });
  return { email: open('User', user).email };
}
