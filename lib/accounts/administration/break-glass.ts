import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { seal } from '@/lib/platform/sealing';
import type { Operator, Visit } from '@/lib/platform/visit';
import { reasonProblem } from '@/lib/rules/break-glass';

/** `lasting`: minutes. */
type Wanted = { readonly id: string; readonly reason: string; readonly lasting: number };

/**
 * Opens a business's calls to the admin who asks, in this session, for a while. What was open to them before is
 * given back. Every owner hears of it by mail, and reads the reason on their compliance page.
 *
 * @throws NotFound for a business that is none; Refusal for a reason that is no sentence.
 */
export async function breakGlass(visit: Visit<Operator>, { id, reason, lasting }: Wanted): Promise<void> {
  const { tx, viewer, now } = visit;
  const problem = reasonProblem(reason);
  if (problem !== null) throw new Refusal('Please check what is marked. Nothing was opened.', { reason: problem });
  const business = await tx.business.findFirst({ where: { id }, select: { id: true } });
  if (!business) throw new NotFound();
  await endOwnGrants(visit);
  const grantId = newId();
  await tx.accessGrant.createMany({
    data: seal('AccessGrant', {
      businessId: id,
      id: grantId,
      userId: viewer.userId,
      sessionId: viewer.sessionId,
      reason: reason.trim(),
      startedAt: now,
      expiresAt: new Date(now.getTime() + lasting * 60_000),
    }),
  });
  const owners = await tx.membership.findMany({
    where: { businessId: id, role: 'business_owner' },
    select: { userId: true },
  });
  for (const { userId } of owners) {
    await wantJob(visit, {
      kind: 'account_mail',
      key: `break-glass ${grantId} ${userId}`,
      payload: { userId, mail: 'break_glass' },
    });
  }
  visit.record({ action: 'grant.create', resourceType: 'grant', resourceId: grantId, businessId: id });
}

/** Gives back what is open to the admin who asks, in whatever session. @throws NotFound where nothing is. */
export async function giveBack(visit: Visit<Operator>): Promise<void> {
  if ((await endOwnGrants(visit)) === 0) throw new NotFound();
}

async function endOwnGrants({ tx, viewer, now, record }: Visit<Operator>): Promise<number> {
  const open = await tx.accessGrant.findMany({
    where: { userId: viewer.userId, endedAt: null, expiresAt: { gt: now } },
    select: { id: true, businessId: true },
  });
  for (const { id, businessId } of open) {
    await tx.accessGrant.updateMany({
      where: { businessId, id, endedAt: null },
      data: { endedAt: now, endedBy: viewer.userId },
    });
    record({ action: 'grant.end', resourceType: 'grant', resourceId: id, businessId });
  }
  return open.length;
}
