import { open } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';

/** Names of people with an account, by its id; who has left has none. */
export async function namesOf(
  { tx }: Visit<Person>,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string | null, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const people = await tx.user.findMany({ where: { id: { in: wanted } }, select: { id: true, name: true } });
  return new Map(people.map((person) => [person.id, open('User', person).name]));
}
