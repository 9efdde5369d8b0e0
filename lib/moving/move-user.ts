import { idFrom } from '@/lib/platform/clock';
import { bringOverHash } from '@/lib/platform/password';
import { blindIndex, hasIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { isMailAddress } from '@/lib/rules/mail-address';
import type { Moving } from './moving';
import { Misfit } from './old-row';

/** At least 128 bits in base 32 (RFC 4226 §4): what authenticator apps were given. */
const totpSecret = /^[A-Z2-7]{26,}$/;

/** An account, its password as it was hashed there, its second factor and what it agreed to. Locks and sessions stay behind. */
export async function moveUser({
  visit,
  columns,
  isDryRun,
  users,
  leave,
}: Moving): Promise<'brought' | 'here already'> {
  const { tx, now } = visit;
  const oldId = columns.needed('id');
  const id = idFrom(`users ${oldId}`);
  const email = columns.needed('email');
  if (!isMailAddress(email)) throw new Misfit('email', 'is no e-mail address');
  const index = blindIndex('email', email);
  const known = await tx.user.findFirst({
    where: { OR: [{ id }, hasIndex('emailIndex', index)] },
    select: { id: true },
  });
  users.set(oldId, known?.id ?? id);
  if (known) {
    if (known.id !== id) leave('', 'has an account here already, which stays as it is');
    return 'here already';
  }
  const name = columns.text('name', 'full_name', 'username') ?? email;
  if (columns.text('role') === 'admin')
    leave('role', 'was admin, is a user here: npm run admin -- create makes an admin');
  const hash = columns.text('password_hash', 'password');
  const passwordHash = hash === null ? null : await bringOverHash(hash);
  if (passwordHash === null)
    leave('password_hash', 'is missing or of another kind: they choose a new one at /forgot-password');
  const secret = columns.flag('two_factor_enabled') ? columns.text('two_factor_secret', 'totp_secret') : null;
  const twoFactorSecret = secret !== null && totpSecret.test(secret) ? secret : null;
  if (columns.flag('two_factor_enabled') && twoFactorSecret === null)
    leave('two_factor_secret', 'cannot be used: they set a second factor up anew');
  const createdAt = columns.date('created_at') ?? now;
  const consents = {
    dataProcessingConsent: columns.flag('data_processing_consent'),
    marketingConsent: columns.flag('marketing_consent'),
  };
  if (isDryRun) return 'brought';
  await tx.user.createMany({
    data: {
      ...seal('User', { id, email, name, twoFactorSecret }),
      ...indexColumns('emailIndex', index),
      twoFactorEnabled: twoFactorSecret !== null,
      createdAt,
      lastLogin: columns.date('last_login'),
      ...consents,
      consentDate: columns.date('consent_date') ?? (Object.values(consents).includes(true) ? createdAt : null),
    },
  });
  if (passwordHash !== null) await tx.credential.createMany({ data: { userId: id, passwordHash, changedAt: now } });
  visit.record({ action: 'user.create', resourceType: 'user', resourceId: id, details: { reason: 'moved in' } });
  return 'brought';
}
