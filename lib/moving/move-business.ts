import { idFrom } from '@/lib/platform/clock';
import { open, seal } from '@/lib/platform/sealing';
import { firstGreeting, firstHours } from '@/lib/rules/first-business';
import { isMailAddress } from '@/lib/rules/mail-address';
import { TIER_MINUTES, type Tier } from '@/lib/rules/minutes';
import { isZone } from '@/lib/rules/opening-hours';
import { toE164 } from '@/lib/rules/phone-number';
import type { Moving } from './moving';
import { Misfit } from './old-row';

const isTier = (text: string): text is Tier => Object.hasOwn(TIER_MINUTES, text);

/** A business, its owner and its number. Its hours stay behind: until somebody sets them, every call is answered as closed. */
export async function moveBusiness(moving: Moving): Promise<'brought' | 'here already'> {
  const { visit, columns, isDryRun, users, businesses, leave } = moving;
  const { tx, now } = visit;
  const oldId = columns.needed('id');
  const id = idFrom(`businesses ${oldId}`);
  const ownerId = users.get(columns.needed('owner_id', 'user_id'));
  if (ownerId === undefined) throw new Misfit('owner_id', 'is nobody who was brought over');
  const name = columns.needed('name', 'business_name');
  businesses.set(oldId, { id, ownerId });
  if (await tx.business.findUnique({ where: { id }, select: { id: true } })) return 'here already';
  const contact = columns.text('contact_email', 'email');
  const hasContact = contact !== null && isMailAddress(contact);
  if (!hasContact) leave('contact_email', 'is missing or no address: the owner’s for now');
  const zone = columns.text('timezone', 'zone', 'time_zone');
  if (zone === null || !isZone(zone)) leave('timezone', 'is missing or unknown: UTC for now');
  const tier = columns.text('subscription_tier', 'tier') ?? 'free';
  if (!isTier(tier)) leave('subscription_tier', 'is none of ours: free for now');
  const number = toE164(columns.text('phone_number', 'twilio_number', 'phone') ?? '', 'US');
  if (number === null) leave('phone_number', 'is missing or no number: set it on /dashboard/number');
  leave('business_hours', 'are not brought over: set them on /dashboard/hours');
  const createdAt = columns.date('created_at') ?? now;
  const kept = isTier(tier) ? tier : 'free';
  if (isDryRun) return 'brought';
  const owner = await tx.user.findUniqueOrThrow({ where: { id: ownerId }, select: { id: true, email: true } });
  await tx.business.createMany({
    data: seal('Business', {
      id,
      name,
      contactEmail: hasContact ? contact : open('User', owner).email,
      greeting: columns.text('greeting', 'greeting_message') ?? firstGreeting(name),
      zone: zone !== null && isZone(zone) ? zone : 'UTC',
      weeklyHours: firstHours,
      tier: kept,
      monthlyMinutesLimit: TIER_MINUTES[kept],
      createdAt,
      updatedAt: now,
    }),
  });
  await tx.membership.createMany({
    data: { businessId: id, userId: ownerId, role: 'business_owner', createdAt },
    skipDuplicates: true,
  });
  if (number !== null) {
    const { count } = await tx.phoneRoute.createMany({ data: { number, businessId: id }, skipDuplicates: true });
    if (count === 0) leave('phone_number', 'leads to another business here already');
  }
  visit.record({
    action: 'business.create',
    resourceType: 'business',
    resourceId: id,
    businessId: id,
    details: { reason: 'moved in' },
  });
  return 'brought';
}
