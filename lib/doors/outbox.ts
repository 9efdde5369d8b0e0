/** The door for whoever develops here: the mail that was not sent, since there is nobody to send it. */
import { now } from '@/lib/platform/clock';
import { env, isLoopback } from '@/lib/platform/env';
import { readOutbox } from '@/lib/platform/mail';

/** As many as somebody looks through; the files under .data/outbox are all there. */
const most = 20;

/**
 * The newest mails of the outbox, and where there is a phone to call with, if the network is a pretended one. `null`
 * wherever there is no outbox: where mail is sent, and anywhere but on this machine.
 */
export async function outbox() {
  const { APP_URL, SMTP_URL, TWILIO_API_BASE_URL } = env();
  if (SMTP_URL || !isLoopback(APP_URL)) return null;
  const mails = await readOutbox();
  return {
    now: now(),
    home: APP_URL,
    phone: isLoopback(TWILIO_API_BASE_URL) ? `${TWILIO_API_BASE_URL}/phone` : null,
    count: mails.length,
    newest: mails
      .slice(0, most)
      .map(({ id, to, subject, text, sentAt }) => ({ id, to, subject, text, at: new Date(sentAt) })),
  };
}
