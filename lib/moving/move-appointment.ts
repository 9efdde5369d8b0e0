import { idFrom } from '@/lib/platform/clock';
import { blindIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { isMailAddress } from '@/lib/rules/mail-address';
import { toE164 } from '@/lib/rules/phone-number';
import type { Moving } from './moving';
import { Misfit } from './old-row';

const usualMinutes = 30;
const statuses = ['pending', 'confirmed', 'cancelled'] as const;

/** An appointment and whose it is. */
export async function moveAppointment(moving: Moving): Promise<'brought' | 'here already'> {
  const { visit, columns, isDryRun, businesses, leave } = moving;
  const { tx, now } = visit;
  const businessId = businesses.get(columns.needed('business_id'))?.id;
  if (businessId === undefined) throw new Misfit('business_id', 'is no business that was brought over');
  const id = idFrom(`appointments ${columns.needed('id')}`);
  if (await tx.appointment.findFirst({ where: { businessId, id }, select: { id: true } })) return 'here already';
  const startsAt = columns.date('starts_at', 'start_time', 'appointment_time', 'appointment_date');
  if (startsAt === null) throw new Misfit('starts_at', 'is missing');
  const minutes = columns.number('duration_minutes', 'duration') ?? usualMinutes;
  const endsAt = columns.date('ends_at', 'end_time') ?? new Date(startsAt.getTime() + minutes * 60_000);
  if (endsAt <= startsAt) throw new Misfit('ends_at', 'is not after its start');
  const typedPhone = columns.text('customer_phone', 'phone');
  const customerPhone = typedPhone === null ? null : toE164(typedPhone, 'US');
  if (typedPhone !== null && customerPhone === null) leave('customer_phone', 'is no number');
  const typedEmail = columns.text('customer_email', 'email');
  const customerEmail = typedEmail !== null && isMailAddress(typedEmail) ? typedEmail : null;
  if (typedEmail !== null && customerEmail === null) leave('customer_email', 'is no e-mail address');
  const word = columns.text('status') ?? 'pending';
  const status = statuses.find((one) => one === word);
  if (status === undefined) leave('status', 'is none of ours: pending');
  const customerName = columns.needed('customer_name', 'name');
  if (isDryRun) return 'brought';
  await tx.appointment.createMany({
    data: seal('Appointment', {
      businessId,
      id,
      customerName,
      customerPhone,
      ...indexColumns('customerPhoneIndex', customerPhone === null ? null : blindIndex('phone', customerPhone)),
      customerEmail,
      ...indexColumns('customerEmailIndex', customerEmail === null ? null : blindIndex('email', customerEmail)),
      startsAt,
      endsAt,
      service: columns.text('service', 'service_type') ?? '',
      status: status ?? 'pending',
      notes: columns.text('notes'),
      createdAt: columns.date('created_at') ?? now,
    }),
  });
  visit.record({
    action: 'appointment.create',
    resourceType: 'appointment',
    resourceId: id,
    businessId,
    details: { reason: 'moved in' },
  });
  return 'brought';
}
