import { type QrPicture, qrPicture } from '@/lib/platform/qr';
import { open } from '@/lib/platform/sealing';
import { totpAddress } from '@/lib/platform/totp';
import type { Person, Visit } from '@/lib/platform/visit';
import { inGroups } from '@/lib/rules/second-factor';

/** What is set up and waits for its first code: for the app, as a picture, as an address and as letters to type. */
export type Setup = { readonly picture: QrPicture; readonly address: string; readonly key: string };

export type SecondFactor = {
  readonly isOn: boolean;
  /** Whoever runs the platform, or works for a business that asks for it, must have one. */
  readonly isRequired: boolean;
  /** Recovery codes that were not used yet. */
  readonly codesLeft: number;
  /** Only while it is off. */
  readonly setup: Setup | null;
};

/** The viewer's own second factor, as far as it may be shown. Showing a secret is an entry on the trail. */
export async function readSecondFactor(visit: Visit<Person>): Promise<SecondFactor> {
  const { tx, viewer } = visit;
  const { email, twoFactorEnabled: isOn, ...user } = await readFactor(visit);
  const [found] = await tx.$queryRaw<{ secret: Uint8Array<ArrayBuffer> | null; required: boolean }[]>`
    SELECT unconfirmed_second_factor() AS secret, needs_second_factor(${viewer.userId}::uuid) AS required`;
  const { twoFactorSecret: secret } = open('User', { id: user.id, twoFactorSecret: found?.secret ?? null });
  if (secret !== null) visit.record({ action: 'second_factor.read', resourceType: 'user', resourceId: viewer.userId });
  const address = secret === null ? '' : totpAddress(secret, email);
  return {
    isOn,
    isRequired: found?.required ?? true,
    codesLeft: await countCodes(visit),
    setup: secret === null ? null : { picture: qrPicture(address), address, key: inGroups(secret, ' ') },
  };
}

/** Recovery codes of the viewer that were not used yet. */
export const countCodes = ({ tx, viewer }: Visit<Person>): Promise<number> =>
  tx.recoveryCode.count({ where: { userId: viewer.userId, usedAt: null }, select: { id: true } }).then(({ id }) => id);

async function readFactor({ tx, viewer }: Visit<Person>) {
  const user = await tx.user.findFirstOrThrow({
    where: { id: viewer.userId },
    select: { id: true, email: true, twoFactorEnabled: true },
  });
  return open('User', user);
}
