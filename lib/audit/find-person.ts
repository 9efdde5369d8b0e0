import { Refusal } from '@/lib/platform/errors';
import { blindIndex, hasIndex } from '@/lib/platform/sealing';
import type { Operator, Visit } from '@/lib/platform/visit';

/**
 * Looks an account up by its whole e-mail. Gives its id, which stands for it in addresses: an e-mail in an address would
 * end up in logs and histories.
 *
 * @throws Refusal when there is no such account.
 */
export async function findPerson(visit: Visit<Operator>, { email }: { readonly email: string }): Promise<string> {
  const user = await visit.tx.user.findFirst({
    where: hasIndex('emailIndex', blindIndex('email', email)),
    select: { id: true },
  });
  if (!user) throw new Refusal('No such person.', { email: 'No account has this e-mail.' });
  visit.record({ action: 'audit.search', resourceType: 'user', resourceId: user.id });
  return user.id;
}
