import { open } from '@/lib/platform/sealing';
import type { Operator, Visit } from '@/lib/platform/visit';
import { type AuditPage, filterNames, searchFor } from './filters';
import { choicesEverywhere } from './find-entries';
import { pageOfEntries, shownEntry } from './page-of-entries';

/**
 * A page of the platform's trail: every business's entries, and those of none. Opens the names of the accounts on the
 * page; what a business has sealed is not in the trail, and not the operator's to open.
 *
 * @throws NotFound for a place in the list that is none.
 */
export async function listPlatformEntries(visit: Visit<Operator>, asked: AuditPage) {
  const { before: _before, after: _after, ...filters } = asked;
  const search = searchFor(filters, 'platform', zone);
  const { entries, newer, older } = await pageOfEntries(visit, search, asked);
  const people = await peopleOf(visit, [...entries.map(({ userId }) => userId), filters.who]);
  const businesses = await visit.tx.business.findMany({
    where: { id: { in: idsOf([...entries.map(({ businessId }) => businessId), filters.business]) } },
    select: { id: true, name: true },
  });
  visit.record({
    action: 'audit.read',
    resourceType: 'audit',
    details: { fields: filterNames(filters), ids: people.map(({ id }) => id) },
  });
  return {
    zone,
    filters,
    people,
    businesses,
    choices: await choicesEverywhere(visit),
    entries: entries.map(shownEntry),
    newer,
    older,
  };
}

/** The platform is in no place of its own. */
const zone = 'UTC';

async function peopleOf({ tx }: Visit<Operator>, ids: readonly (string | null)[]) {
  const users = await tx.user.findMany({ where: { id: { in: idsOf(ids) } }, select: { id: true, name: true } });
  return users.map((user) => {
    const { id, name } = open('User', user);
    return { id, name };
  });
}

const idsOf = (ids: readonly (string | null)[]): string[] =>
  [...new Set(ids.filter((id) => id !== null && id !== '' && id !== 'nobody'))] as string[];
