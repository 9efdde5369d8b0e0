import { firstSteps } from '@/lib/businesses/first-steps';
import { zoneOf } from '@/lib/businesses/zone-of';
import type { Member, Visit } from '@/lib/platform/visit';
import { can } from '@/lib/rules/permissions';
import { leftMessage } from '@/lib/rules/waiting';
import { openRow } from './call-row';
import { chainColumns, chainsOf } from './chains-of';

/** As many as the screen shows at once. */
const most = 50;

/** What needs somebody: the figures, and the calls that wait, urgent ones first and then whoever waits longest. */
export async function listToday(visit: Visit<Member>) {
  const { tx, viewer, now } = visit;
  const where = { businessId: viewer.businessId, toCallBack: true };
  const groups = await tx.call.groupBy({
    by: ['type', 'status', 'intent', 'urgent'],
    where,
    _count: { _all: true, heardAt: true },
    _min: { startedAt: true },
  });
  const calls = await tx.call.findMany({
    where,
    select: chainColumns,
    orderBy: [{ urgent: 'desc' }, { startedAt: 'asc' }, { id: 'asc' }],
    take: most,
  });
  if (calls.length > 0) {
    visit.record({ action: 'call.read', resourceType: 'call', details: { ids: calls.map(({ id }) => id) } });
  }
  const chains = await chainsOf(visit, calls);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const beginnings = groups.flatMap(({ _min }) => (_min.startedAt ? [_min.startedAt.getTime()] : []));
  return {
    now,
    zone: await zoneOf(visit),
    unheard: sum(groups.filter(leftMessage).map(({ _count }) => _count._all - _count.heardAt)),
    urgent: sum(groups.filter(({ urgent }) => urgent).map(({ _count }) => _count._all)),
    toCallBack: sum(groups.map(({ _count }) => _count._all)),
    oldestWaiting: beginnings.length > 0 ? new Date(Math.min(...beginnings)) : null,
    waiting: calls.map((call) => ({
      ...openRow(call),
      chain: chains.get(call.id) ?? [],
      isTaken: call.takenAt !== null,
    })),
    // Only whoever sets the line up is led through it.
    firstSteps: can(viewer.role, 'manage_settings') ? await firstSteps(visit) : null,
  };
}
