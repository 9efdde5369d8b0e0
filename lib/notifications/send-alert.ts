import type { Job } from '@/lib/jobs/job';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { sendMail } from '@/lib/platform/mail';
import { ALERTS } from '@/lib/rules/alerts';

/** The job: tells the operator, in the log always and by mail where `ALERT_EMAIL` says to whom. */
export async function sendAlert({ id, payload: { alert, reference } }: Job<'alert'>): Promise<void> {
  log.warn({ event: 'alert.raised', kind: alert, jobId: id });
  const { ALERT_EMAIL, APP_URL } = env();
  if (!ALERT_EMAIL) return;
  const { subject, text } = ALERTS[alert];
  await sendMail({ id: `alert-${id}`, to: ALERT_EMAIL, subject, text: `${text}\n\n${reference}\n\nFrom ${APP_URL}\n` });
}
