/** An owner is told by mail how much of the month's minutes is used. */
import type { Job } from '@/lib/jobs/job';
import { env } from '@/lib/platform/env';
import { sendMail } from '@/lib/platform/mail';
import { open } from '@/lib/platform/sealing';
import { NOTICE_PERCENTS } from '@/lib/rules/minutes';
import { usageNotice } from '@/lib/rules/usage-notice';

/** The job. Whoever owns the business no more is not told. */
export async function mailUsage({ id, payload, inside }: Job<'usage_mail'>): Promise<void> {
  const { userId, month } = payload;
  const percent = NOTICE_PERCENTS.find((one) => String(one) === payload.percent);
  if (percent === undefined) return;
  const about = await inside(async ({ tx, viewer, record }) => {
    const { businessId } = viewer;
    const place = await tx.membership.findFirst({
      where: { businessId, userId, role: 'business_owner' },
      select: {
        user: { select: { id: true, email: true } },
        business: { select: { name: true, monthlyMinutesLimit: true } },
      },
    });
    if (!place) return null;
    record({ action: 'user.read', resourceType: 'user', resourceId: userId, details: { reason: 'usage_mail' } });
    const { name, monthlyMinutesLimit: limit } = place.business;
    return { to: open('User', place.user).email, business: name, limit };
  });
  if (!about) return;
  const { to, business, limit } = about;
  const address = `${env().APP_URL}/dashboard/usage`;
  await sendMail({ id: `usage-${id}`, to, ...usageNotice({ business, month, percent, limit, address }) });
}
