/** Mail over SMTP, to a server on this machine that takes note of what it is told. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sendMail } from '@/lib/platform/mail';
import { startMailServer } from '@/tests/support/mail-server';

const server = await startMailServer();
const { heard } = server;
process.env.SMTP_URL = server.url;
process.env.MAIL_FROM = 'phone@clinic.example';

beforeEach(() => {
  heard.length = 0;
  server.answerToRecipient = '250 fine';
});
afterAll(() => server.stop());

const mail = { id: 'call-1', to: 'ann@example.com', subject: 'A call', text: 'Somebody called.' };

test('a mail goes to one person, as text, under the name it was given', async () => {
  await sendMail(mail);
  expect(heard.filter((line) => /^(?:MAIL|RCPT)/.test(line))).toEqual([
    'MAIL FROM:<phone@clinic.example>',
    'RCPT TO:<ann@example.com>',
  ]);
  expect(heard).toContain('From: AfterCallPro <phone@clinic.example>');
  expect(heard).toContain('Message-ID: <call-1@clinic.example>');
  expect(heard).toContain('Auto-Submitted: auto-generated');
  expect(heard).toContain('Content-Type: text/plain; charset=utf-8');
  expect(heard).toContain('Somebody called.');
});

test('V1.2.1 a line break in a subject begins no header', async () => {
  await sendMail({ ...mail, subject: 'A call\r\nBcc: eve@example.com' });
  expect(heard).toContain('Subject: A call Bcc: eve@example.com');
  expect(heard.filter((line) => /^(?:RCPT|Bcc)/.test(line))).toEqual(['RCPT TO:<ann@example.com>']);
});

test('a server that does not take a mail is an error', async () => {
  server.answerToRecipient = '550 no such person';
  await expect(sendMail(mail)).rejects.toMatchObject({ code: 'EENVELOPE' });
});

test('an address that could be read as two is not even tried', async () => {
  for (const to of [
    'ann@example.com,eve@example.com',
    'ann@example.com>\r\nRCPT TO:<eve@example.com',
    '"a, b"@example.com',
  ]) {
    await expect(sendMail({ ...mail, to })).rejects.toMatchObject({ code: 'bad_address' });
  }
  expect(heard).toEqual([]);
});
