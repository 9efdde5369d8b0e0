import type { Guest, Visit } from '@/lib/platform/visit';
import { devicesPerAccount } from '@/lib/rules/lockout';

/**
 * Notes that an account was signed in from this browser; of the oldest ones it forgets those that are too many.
 *
 * @returns whether it was known before.
 */
export async function knowDevice({ tx, now }: Visit<Guest>, userId: string, id: string): Promise<boolean> {
  const { count } = await tx.knownDevice.updateMany({ where: { userId, id }, data: { lastSeenAt: now } });
  if (count > 0) return true;
  await tx.knownDevice.createMany({
    data: { userId, id, createdAt: now, lastSeenAt: now },
    skipDuplicates: true,
  });
  const tooMany = await tx.knownDevice.findMany({
    where: { userId },
    select: { id: true },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'desc' }],
    skip: devicesPerAccount,
  });
  await tx.knownDevice.deleteMany({ where: { userId, id: { in: tooMany.map((device) => device.id) } } });
  return false;
}
