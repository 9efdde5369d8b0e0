/** Parts of a statement, put together: what stands in `${}` is a parameter or such a part, and never text of the statement. */
import { Prisma } from '@/lib/generated/prisma/client';

export type Sql = Prisma.Sql;
export const { sql } = Prisma;
/** Every one of these must hold. */
export const all = (conditions: readonly Sql[]): Sql => Prisma.join([...conditions], ' AND ');
export const list = (parts: readonly Sql[]): Sql => Prisma.join([...parts], ', ');

/** A table or a column, by a name that stands in the source. */
export function named(name: string): Sql {
  if (!/^[a-z][a-z_]*$/.test(name)) throw new Error('not the name of a table or a column');
  return Prisma.raw(`"${name}"`);
}

/** The table of a model, and the column of a field, by the names that the code has for them. */
export const tableOf = (model: Prisma.ModelName): Sql =>
  named(model === 'Business' ? 'businesses' : `${snake(model)}s`);
export const columnOf = (field: string): Sql => named(snake(field));

const snake = (name: string): string => name.replaceAll(/(?<=[a-z])[A-Z]/g, (capital) => `_${capital}`).toLowerCase();
