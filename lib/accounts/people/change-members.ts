/** What the database's own functions answer that change who belongs to a business (migrations/*_people). */
import { NotFound, Refusal } from '@/lib/platform/errors';
import type { Sql } from '@/lib/platform/sql';
import type { Member, Visit } from '@/lib/platform/visit';

/**
 * Calls one of them.
 *
 * @returns whether it changed anything.
 * @throws NotFound for somebody who is no member, or where the viewer is no owner by now; Refusal for the last owner.
 */
export async function changeMembers({ tx }: Visit<Member>, call: Sql): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ outcome: string }[]>`SELECT ${call} AS outcome`;
  if (row?.outcome === 'done') return true;
  if (row?.outcome === 'same') return false;
  if (row?.outcome === 'last owner')
    throw new Refusal('A business keeps an owner, and this is the last one. Make somebody else an owner first.');
  throw new NotFound();
}
