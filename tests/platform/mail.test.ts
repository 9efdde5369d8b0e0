/** Mail over SMTP, to a server on this machine that takes note of what it is told. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sendMail } from '@/lib/platform/mail';

let answerToRecipient = '250 fine';
const heard: string[] = [];
const server = createServer((socket: Socket) => {
  let inData = false;
  let rest = '';
  const say = (line: string) => socket.write(`${line}\r\n`);
  say('220 mail.test');
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      heard.push(line);
      if (inData) {
        if (line !== '.') continue;
        inData = false;
        say('250 taken');
      } else if (/^EHLO/.test(line)) say('250 mail.test');
      else if (/^RCPT/.test(line)) say(answerToRecipient);
      else if (line === 'DATA') {
        inData = true;
        say('354 go on');
      } else if (line === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 fine');
    }
  });
  socket.on('error', () => undefined);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.env.SMTP_URL = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
process.env.MAIL_FROM = 'phone@clinic.example';

beforeEach(() => {
  heard.length = 0;
  answerToRecipient = '250 fine';
});
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

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
  answerToRecipient = '550 no such person';
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
