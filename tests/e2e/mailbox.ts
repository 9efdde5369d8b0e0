/** The mails that the application under test has sent. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeptMail } from '@/lib/platform/mail';
import { expect } from './house';

/** The newest mail to an address, once it is there. */
export async function mailTo(workspace: string, email: string): Promise<KeptMail> {
  const folder = path.join(workspace, '.data/outbox');
  const found = async () => {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
    const mails = await Promise.all(
      names.map(async (name): Promise<KeptMail> => JSON.parse(await readFile(path.join(folder, name), 'utf8'))),
    );
    return mails.filter(({ to }) => to === email).toSorted((a, b) => b.sentAt.localeCompare(a.sentAt))[0];
  };
  await expect.poll(found).toBeDefined();
  const mail = await found();
  if (!mail) throw new Error('the mail is gone');
  return mail;
}
/** The address of ours that a mail asks its reader to open. */
export const linkIn = ({ text }: KeptMail) => /^http\S+\?token=\S+$/m.exec(text)?.[0] ?? '';
