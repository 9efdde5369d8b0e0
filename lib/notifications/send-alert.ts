/** The operator is told, once a job of the kind `alert`: in the log always, by mail and by webhook where it is said whereto. */
import type { Job } from '@/lib/jobs/job';
import { wantJob } from '@/lib/jobs/want-job';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { sendMail } from '@/lib/platform/mail';
import { postJson } from '@/lib/platform/post-json';
import { ALERTS } from '@/lib/rules/alerts';

/** The job: writes the line of the log and the mail (`ALERT_EMAIL`). The webhook is a job of its own: either may fail alone. */
export async function sendAlert({ id, payload, asSystem }: Job<'alert'>): Promise<void> {
  const { alert, reference } = payload;
  log.warn({ event: 'alert.raised', kind: alert, jobId: id });
  const { ALERT_EMAIL, ALERT_WEBHOOK_URL, APP_URL } = env();
  if (ALERT_WEBHOOK_URL) {
    await asSystem((visit) => wantJob(visit, { kind: 'alert_webhook', key: `alert-webhook ${id}`, payload }));
  }
  if (!ALERT_EMAIL) return;
  const { subject, text } = ALERTS[alert];
  await sendMail({ id: `alert-${id}`, to: ALERT_EMAIL, subject, text: `${text}\n\n${reference}\n\nFrom ${APP_URL}\n` });
}

/** The job: tells a program (`ALERT_WEBHOOK_URL`). `text` is what Slack, Mattermost and their like show; no personal data. */
export async function postAlert({ id, payload: { alert, reference } }: Job<'alert_webhook'>): Promise<void> {
  const { ALERT_WEBHOOK_URL, APP_URL } = env();
  if (!ALERT_WEBHOOK_URL) return; // taken out in the meantime
  const { subject, text } = ALERTS[alert];
  await postJson(ALERT_WEBHOOK_URL, id, {
    text: `${subject}. ${text} ${reference}`,
    alert,
    reference,
    from: APP_URL,
  });
}
