import { keyRing } from '@/lib/platform/keys';
import { rowsOf, type SystemDesk, sealedModels, tableOf } from './sealed-tables';

/** How many sealed values each key has, by the key's id and the table's name. */
export type KeyUse = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Looks at every sealed value's key id, and opens nothing. `told`: how many rows of a table were looked at. */
export async function countKeyUse(desk: SystemDesk, told?: (table: string, rows: number) => void): Promise<KeyUse> {
  const use = new Map<string, Map<string, number>>();
  for (const model of sealedModels) {
    const table = tableOf(model);
    let rows = 0;
    for await (const page of rowsOf(desk, model)) {
      rows += page.length;
      for (const key of page.flatMap(({ keys }) => keys)) {
        if (key === null) continue;
        const tables = use.get(key) ?? new Map<string, number>();
        use.set(key, tables.set(table, (tables.get(table) ?? 0) + 1));
      }
      told?.(table, rows);
    }
  }
  return use;
}

/**
 * Addresses that nobody has and that are closed after failures, where only the old key knows so. Their text is not kept, so
 * they cannot be filled; they end by themselves.
 */
export function countClosedByOldKey({ asSystem }: SystemDesk): Promise<number> {
  const { a, b } = keyRing().index;
  if (a === b) return Promise.resolve(0);
  return asSystem(async ({ tx, now }) => {
    const [closed] = await tx.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int FROM unknown_sign_ins WHERE email_index = email_index_b AND account_locked_until > ${now}`;
    return closed?.count ?? 0;
  });
}
