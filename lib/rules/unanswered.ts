/** Whether somebody on duty answers when they are rung. */

/** What came of ringing somebody (`person_took_it`, `person_missed_it`), and when. */
export type Ring = { readonly contactId: string; readonly kind: string; readonly at: Date };

/** How often in a row somebody did not answer, and when the last time was. */
export type Unanswered = { readonly times: number; readonly last: Date };

/** Of everybody who did not answer the last time, by their id. */
export function unansweredBy(rings: readonly Ring[]): ReadonlyMap<string, Unanswered> {
  const found = new Map<string, Unanswered>();
  const answered = new Set<string>();
  for (const { contactId, kind, at } of rings.toSorted((a, b) => b.at.getTime() - a.at.getTime())) {
    if (kind === 'person_took_it') answered.add(contactId);
    if (answered.has(contactId) || kind !== 'person_missed_it') continue;
    const { times, last } = found.get(contactId) ?? { times: 0, last: at };
    found.set(contactId, { times: times + 1, last });
  }
  return found;
}
