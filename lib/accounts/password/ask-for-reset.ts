/** A forgotten password begins with a mail. */

import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { blindIndex, hasIndex, indexWords } from '@/lib/platform/sealing';
import { minutesBetweenResets } from '@/lib/rules/lockout';

/**
 * Wants a link sent to the owner of an address. An address that nobody has takes the same steps, and its mail is wanted
 * for nobody: neither the answer nor its time tells the two apart. The link itself is made by the worker that sends it.
 */
export async function askForReset(desk: GuestDesk, { email }: { readonly email: string }): Promise<void> {
  const index = blindIndex('email', email);
  await desk.enter(async (visit) => {
    const known = await visit.tx.user.findFirst({ where: hasIndex('emailIndex', index), select: { id: true } });
    const userId = known?.id ?? newId();
    // Asked for again and again, it is sent once in a while: nobody's mailbox can be filled from here.
    const slot = Math.floor(visit.now.getTime() / (minutesBetweenResets * 60_000));
    await wantJob(visit, {
      kind: 'account_mail',
      key: `reset-password ${userId} ${slot}`,
      payload: { userId, mail: 'reset_password' },
    });
    visit.record({
      action: 'password.ask',
      resourceType: 'user',
      details: { emailIndex: indexWords(index) },
      ...(known && { userId: known.id }),
    });
  });
}
