/** Admins come from a shell on the server, or from another admin: there is no form that makes one. */

import { makeLink } from '@/lib/accounts/one-time-token';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { blindIndex, hasIndex, indexColumns, seal } from '@/lib/platform/sealing';
import type { System, Visit } from '@/lib/platform/visit';
import { isMailAddress } from '@/lib/rules/mail-address';

/**
 * Makes an admin who has no password yet, and the link with which they choose one. Asked again for the same address before
 * that, it makes a new link.
 *
 * @param asked `another`: also where the platform has an admin already.
 * @returns the link, which is kept nowhere but as a hash.
 * @throws Refusal that says what is in the way.
 */
export async function createAdmin(
  visit: Visit<System>,
  { email, another }: { readonly email: string; readonly another: boolean },
): Promise<string> {
  const { tx } = visit;
  if (!isMailAddress(email)) throw new Refusal('This is not an e-mail address. Write name@example.com.');
  const index = blindIndex('email', email);
  const known = await tx.user.findFirst({
    where: hasIndex('emailIndex', index),
    select: { id: true, role: true, credential: { select: { userId: true } } },
  });
  if (known?.credential)
    throw new Refusal(
      known.role === 'admin'
        ? 'This e-mail is an admin’s already. They can choose a new password at /forgot-password.'
        : 'This e-mail has an account already. Use another one, or let an admin change its role at /admin/users.',
    );
  if (known && known.role !== 'admin')
    throw new Refusal('This e-mail has an account that is not finished yet. Use another one.');
  const isFirst =
    (await tx.user.count({ where: { role: 'admin', suspendedAt: null, credential: { isNot: null } } })) === 0;
  if (!isFirst && !another)
    throw new Refusal('The platform has an admin already. If you want one more, say so with --another.');
  const id = known?.id ?? newId();
  if (!known) {
    await tx.user.createMany({
      data: {
        ...seal('User', { id, email, name: 'Admin' }),
        ...indexColumns('emailIndex', index),
        role: 'admin',
        createdAt: visit.now,
      },
    });
  }
  visit.record({ action: 'account.create', resourceType: 'user', resourceId: id, details: { fields: ['role'] } });
  return makeLink(visit, id, 'new_admin');
}
