import { listGrants } from '@/lib/accounts/administration/list-grants';
import type { AuditPage } from '@/lib/audit/filters';
import { listEntries } from '@/lib/audit/list-entries';
import type { Member, Visit } from '@/lib/platform/visit';
import { readRetention } from '@/lib/privacy/read-retention';

/**
 * What a business promises about itself, when who runs the platform looked at its calls, and its trail.
 *
 * @param asked `hold`: a call that a legal hold may be placed on.
 */
export async function readCompliance(visit: Visit<Member>, { hold, ...asked }: AuditPage & { readonly hold: string }) {
  const { tx, viewer } = visit;
  const { twoFactorRequired } = await tx.business.findFirstOrThrow({
    where: { id: viewer.businessId },
    select: { twoFactorRequired: true },
  });
  const people = await tx.membership.findMany({
    where: { businessId: viewer.businessId },
    select: { userId: true, user: { select: { twoFactorEnabled: true } } },
  });
  const having = people.filter(({ user }) => user.twoFactorEnabled);
  return {
    secondFactor: {
      isRequired: twoFactorRequired,
      people: people.length,
      having: having.length,
      isMineOn: having.some(({ userId }) => userId === viewer.userId),
    },
    retention: await readRetention(visit, hold || null),
    looks: await listGrants(visit),
    trail: await listEntries(visit, asked),
  };
}
