import { NotFound } from '@/lib/platform/errors';
import type { Person, Visit } from '@/lib/platform/visit';
import { browserInWords } from '@/lib/rules/browser-words';
import { readCursor, writeCursor } from '@/lib/rules/list-cursor';
import type { AuditPage, Search } from './filters';
import { type Entry, entriesAfter, entriesBefore, placeOf } from './find-entries';

const pageSize = 50;

type Found = { readonly entries: readonly Entry[]; readonly newer: string | null; readonly older: string | null };

/**
 * A page of the trail, newest first, with the places from which the pages beside it begin.
 *
 * @throws NotFound for a place that is none.
 */
export async function pageOfEntries(
  visit: Visit<Person>,
  search: Search,
  { before, after }: Pick<AuditPage, 'before' | 'after'>,
): Promise<Found> {
  const word = before ?? after;
  const place = word === undefined ? null : readCursor(word);
  if (word !== undefined && place === null) throw new NotFound();
  const isForward = before === undefined && place !== null;
  // One more than is shown tells whether there is a page after this.
  const found = isForward
    ? await entriesAfter(visit, search, place, pageSize + 1)
    : await entriesBefore(visit, search, place, pageSize + 1);
  if (found.length === 0 && place !== null) return pageOfEntries(visit, search, {});
  const more = found.length > pageSize;
  const entries = isForward ? found.slice(-pageSize) : found.slice(0, pageSize);
  const [first, last] = [entries.at(0), entries.at(-1)];
  return {
    entries,
    newer: first && (isForward ? more : place !== null) ? writeCursor(placeOf(first)) : null,
    older: last && (isForward || more) ? writeCursor(placeOf(last)) : null,
  };
}

/** An entry as a screen shows it: ids, names of fields and nothing of what they hold. */
export function shownEntry(entry: Entry) {
  const { id, action, resourceType, resourceId, userId, businessId, ipAddress, userAgent, details } = entry;
  const ids = wordsOf(details.ids);
  const counted = Number(wordsOf(details.count).at(0) ?? 0); // of things that are gone, and have no ids any more
  return {
    id,
    at: entry.timestamp,
    action,
    resourceType,
    /** Every resource the entry speaks of, its own first. */
    about: [...new Set([...(resourceId === null ? [] : [resourceId]), ...ids])],
    count: counted || ids.length || (resourceId === null ? 0 : 1),
    fields: wordsOf(details.fields),
    reason: wordsOf(details.reason).at(0) ?? null,
    userId,
    businessId,
    address: ipAddress,
    browser: browserInWords(userAgent),
  };
}

const wordsOf = (value: unknown): string[] => [value].flat().filter((word) => typeof word === 'string');
