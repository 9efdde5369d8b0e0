import { listGrants } from '@/lib/accounts/administration/list-grants';
import type { AuditPage } from '@/lib/audit/filters';
import { listEntries } from '@/lib/audit/list-entries';
import type { Member, Visit } from '@/lib/platform/visit';

/** What a business promises about itself, when who runs the platform looked at its calls, and its trail. */
export async function readCompliance(visit: Visit<Member>, asked: AuditPage) {
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
    looks: await listGrants(visit),
    trail: await listEntries(visit, asked),
  };
}
