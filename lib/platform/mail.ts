/**
 * Mail: over SMTP where `SMTP_URL` says so, else into an outbox on this machine, for development, the demo and the tests
 * (`env()` does not let a public address start without a mail server).
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import { now } from '@/lib/platform/clock';
import { env, isLoopback } from '@/lib/platform/env';
import { isMailAddress } from '@/lib/rules/mail-address';

/** A mail of ours: plain text to one person. */
export type Mail = {
  /** Names the mail: sent again under the same name, a mailbox can tell that it is the same one. Letters, digits, `.` and `-`. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

/** A mail that was put into the outbox, and when. */
export type KeptMail = Mail & { readonly sentAt: string };

export class MailError extends Error {
  override name = 'MailError';
  constructor(readonly code: 'bad_address' | 'bad_id') {
    super('this mail cannot be sent');
  }
}

const outbox = () => path.resolve(/* turbopackIgnore: true */ '.data', 'outbox');

/**
 * Sends a mail, or throws when it was not taken. May arrive twice where a server took it and we were cut off.
 *
 * @throws MailError, or nodemailer's own errors.
 */
export async function sendMail(mail: Mail): Promise<void> {
  const from = env().MAIL_FROM ?? 'phone@aftercallpro.test';
  if (!isMailAddress(mail.to) || !isMailAddress(from)) throw new MailError('bad_address');
  if (!/^[A-Za-z0-9.-]{1,120}$/.test(mail.id)) throw new MailError('bad_id');
  const message: SendMailOptions = {
    messageId: `<${mail.id}@${from.slice(from.indexOf('@') + 1)}>`,
    // As objects: nodemailer would read a string as a list of addresses.
    from: { name: 'AfterCallPro', address: from },
    to: { name: '', address: mail.to },
    subject: mail.subject.replace(/[\s\p{Cc}]+/gu, ' ').trim(),
    text: mail.text,
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no holiday notes in return
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const { SMTP_URL } = env();
  await (SMTP_URL ? post(SMTP_URL, message) : keep(mail, message));
}

/** Signs in at the mail server and leaves; nothing where mail goes to the outbox. @throws nodemailer's own errors. */
export async function reachMailServer(): Promise<void> {
  const { SMTP_URL } = env();
  if (SMTP_URL) await atServer(SMTP_URL, (transport) => transport.verify());
}

const post = (url: string, message: SendMailOptions): Promise<void> =>
  atServer(url, (transport) => transport.sendMail(message));

async function atServer(url: string, act: (transport: Transporter) => Promise<unknown>): Promise<void> {
  const transport = createTransport({
    url,
    requireTLS: url.startsWith('smtp:') && !isLoopback(url),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
  try {
    await act(transport);
  } finally {
    transport.close();
  }
}

/** As the file that a mail program opens, and as data for `readOutbox`. A mail sent again takes the place of the first. */
async function keep(mail: Mail, message: SendMailOptions): Promise<void> {
  const { message: content } = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
  const file = path.join(outbox(), createHash('sha256').update(`${mail.id} ${mail.to}`).digest('hex').slice(0, 32));
  const kept: KeptMail = { ...mail, sentAt: now().toISOString() };
  await mkdir(outbox(), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.eml`, content as Buffer, { mode: 0o600 });
  await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${file}.new`, `${file}.json`);
}

/** What is in the outbox, newest first. */
export async function readOutbox(): Promise<readonly KeptMail[]> {
  const names = await readdir(outbox()).catch(() => []);
  const mails = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name): Promise<KeptMail> => JSON.parse(await readFile(path.join(outbox(), name), 'utf8'))),
  );
  return mails.toSorted((a, b) => b.sentAt.localeCompare(a.sentAt));
}
