/** Parts of a statement, put together: what stands in `${}` is a parameter or such a part, and never text of the statement. */
import { Prisma } from '@/lib/generated/prisma/client';

export type Sql = Prisma.Sql;
export const { sql } = Prisma;
/** Every one of these must hold. */
export const all = (conditions: readonly Sql[]): Sql => Prisma.join([...conditions], ' AND ');
