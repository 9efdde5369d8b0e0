import { expect, test } from 'vitest';
import { maySendAgain } from '@/lib/rules/invitations';
import { invitationMail, MEMBER_MAILS, memberMail, nameInMail } from '@/lib/rules/people-mail';

test('a name in a mail of ours is a name, whatever a business calls itself', () => {
  expect(nameInMail('Harbour Dental')).toBe('Harbour Dental');
  expect(nameInMail('Müller & Söhne')).toBe('Müller & Söhne');
  expect(nameInMail('李记 O’Brien-Diaz')).toBe('李记 O’Brien-Diaz');
  for (const hostile of [
    'https://evil.example/a?b=c',
    'evil.example',
    'www．evil．example',
    'a@evil.example',
    'Prize\r\nBcc: x@y.example\r\n\r\nGo to',
    '<a href="//evil.example">',
    '\u202egnp.elif',
  ]) {
    const { subject, text } = invitationMail(hostile, 'staff', 'http://127.0.0.1/invitation?token=x');
    expect(text.match(/[.@/:]\S*evil|evil\S*[.@/:]|[\r\u202e]|<|@/)).toBeNull();
    expect(subject).not.toMatch(/[\r\n.@/:<\u202e]/);
  }
  for (const nothing of ['', '...', '\u200b', '://']) expect(nameInMail(nothing)).toBe('A business');
  expect([...nameInMail('x'.repeat(500))]).toHaveLength(60);
});

test('each mail about a place in a business has one link and names the business', () => {
  for (const mail of MEMBER_MAILS) {
    const { subject, text } = memberMail(mail, 'Harbour Dental', 'http://127.0.0.1/account');
    expect(`${subject}\n${text}`).toContain('Harbour Dental');
    expect(text.match(/http\S+/g)).toEqual(['http://127.0.0.1/account']);
  }
});

test('an invitation may be sent again after five minutes, and not before', () => {
  const sent = new Date('2026-03-02T10:00:00Z');
  expect(maySendAgain(sent, new Date('2026-03-02T10:04:59Z'))).toBe(false);
  expect(maySendAgain(sent, new Date('2026-03-02T10:05:00Z'))).toBe(true);
});
