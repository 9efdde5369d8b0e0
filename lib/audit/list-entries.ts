import { zoneOf } from '@/lib/businesses/zone-of';
import type { Member, Visit } from '@/lib/platform/visit';
import { colleagues } from './colleagues';
import { type AuditPage, filterNames, scopeOf, searchFor } from './filters';
import { choicesInside } from './find-entries';
import { pageOfEntries, shownEntry } from './page-of-entries';

/**
 * A page of the business's trail. Opens the names of the people who work there.
 *
 * @throws NotFound for a place in the list that is none.
 */
export async function listEntries(visit: Visit<Member>, asked: AuditPage) {
  const { before: _before, after: _after, ...filters } = asked;
  const zone = await zoneOf(visit);
  const search = searchFor(filters, scopeOf(visit), zone);
  const { entries, newer, older } = await pageOfEntries(visit, search, asked);
  const people = await colleagues(visit);
  visit.record({
    action: 'audit.read',
    resourceType: 'audit',
    details: { fields: filterNames(filters), ids: people.map(({ id }) => id) },
  });
  return {
    zone,
    filters,
    people,
    choices: await choicesInside(visit),
    entries: entries.map(shownEntry),
    newer,
    older,
  };
}
