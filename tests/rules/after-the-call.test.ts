import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteRange } from '@/lib/rules/byte-range';
import { callNotice } from '@/lib/rules/call-notice';
import { isMailAddress } from '@/lib/rules/mail-address';
import { MOST_ATTEMPTS, retryDelay } from '@/lib/rules/retries';
import { LONGEST_SUMMARY, summaryOf } from '@/lib/rules/summary';
import { isWholeWav } from '@/lib/rules/wav';

describe('the summary of a message', () => {
  test('is the message where it is short, on one line', () => {
    expect(summaryOf('  My sink\n\tleaks.\u0000 ')).toBe('My sink leaks.');
    expect(summaryOf('')).toBe('');
    expect(summaryOf(' \n\u0007 ')).toBe('');
  });

  test('is the first sentences where they fit', () => {
    const first = 'Hello, this is Ann Miller from Oak Street. My kitchen sink has been leaking since noon.';
    expect(summaryOf(`${first} It is getting worse, so please call me back as soon as you can, thank you.`)).toBe(
      first,
    );
  });

  test('is more than a greeting where the rest is one long sentence', () => {
    const summary = summaryOf(`Hi there. ${'my sink leaks and '.repeat(20)}`);
    expect(summary).toMatch(/^Hi there\. my sink leaks and .*[a-z]…$/);
    expect(summary.length).toBeGreaterThan(100);
  });

  test('never cuts a word or a character in two, and never is too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const summary = summaryOf(text);
        expect(summary.length).toBeLessThanOrEqual(LONGEST_SUMMARY);
        expect(summary).not.toMatch(/[\n\r\t]/);
        expect(summary.isWellFormed()).toBe(true);
      }),
    );
    expect(summaryOf('👩‍👩‍👧‍👦'.repeat(40))).toMatch(/^(?:👩‍👩‍👧‍👦)+…$/u);
  });
});

describe('the bytes that a browser asks for', () => {
  test.each([
    ['bytes=0-9', { from: 0, to: 9 }],
    ['bytes=90-', { from: 90, to: 99 }],
    ['bytes=-10', { from: 90, to: 99 }],
    ['bytes=-1000', { from: 0, to: 99 }],
    ['bytes=50-5000', { from: 50, to: 99 }],
    ['bytes=99-99', { from: 99, to: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-1', null],
    ['bytes=0-1,5-6', null],
    ['bytes=', null],
    ['bytes=-', null],
    ['lines=1-2', null],
    ['bytes=0x1-9', null],
    [null, null],
  ] as const)('%s of 100', (header, expected) => {
    expect(byteRange(header, 100)).toEqual(expected);
  });

  test('are always inside the file', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 10_000 }), (from, to, size) => {
        const range = byteRange(`bytes=${from}-${to}`, size);
        if (range === null || range === 'unsatisfiable') return;
        expect(range.from).toBeLessThanOrEqual(range.to);
        expect(range.to).toBeLessThan(size);
      }),
    );
  });
});

describe('an e-mail address', () => {
  test.each([
    'ann@example.com',
    'ann.miller+calls@mail.example.co.uk',
    "o'neil@example.com",
    'root@localhost',
    'jörg@münchen.example',
  ])('is %s', (address) => expect(isMailAddress(address)).toBe(true));

  test.each([
    'ann@example.com\r\nBcc: eve@example.com',
    'ann@example.com\n',
    'ann@example.com,eve@example.com',
    'ann@example.com;eve@example.com',
    'ann@example.com eve@example.com',
    '"ann@example.com,eve"@example.com',
    '"ann"@example.com',
    'Ann <ann@example.com>',
    '<ann@example.com>',
    'ann＠example.com',
    'ann@example.com＠evil.test',
    'ann@evil.test@example.com',
    'ann(comment)@example.com',
    'ann@[127.0.0.1]',
    'ann@',
    '@example.com',
    'ann',
    '',
    'ann@example..com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a'.repeat(260)}.com`,
    'ann\u0000@example.com',
    'ann@exa\u2024mple.com',
  ])('is not %j', (address) => expect(isMailAddress(address)).toBe(false));
});

describe('a try that failed', () => {
  test('waits a random part of a span that doubles', () => {
    expect([1, 2, 3].map((attempts) => retryDelay(attempts, 0.999999))).toEqual([59, 119, 239]);
    expect(retryDelay(5, 0)).toBe(0);
    expect(retryDelay(MOST_ATTEMPTS - 1, 0.5)).toBe(1920);
  });
});

describe('a WAV file', () => {
  const head = (length: number) => {
    const bytes = Buffer.from('RIFF....WAVE');
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };
  test('is whole when it is as long as it says, or does not say', () => {
    expect(isWholeWav(head(92), 100)).toBe(true);
    expect(isWholeWav(head(92), 120)).toBe(true); // what follows is not its own
    expect(isWholeWav(head(0), 100)).toBe(true);
    expect(isWholeWav(head(0xffff_ffff), 100)).toBe(true);
  });
  test('is not one when it is shorter, or says it is something else', () => {
    expect(isWholeWav(head(93), 100)).toBe(false);
    expect(isWholeWav(Buffer.from('RIFF....AVI '), 100)).toBe(false);
    expect(isWholeWav(Buffer.from('<!doctype html>'), 100)).toBe(false);
    expect(isWholeWav(Buffer.from('RIFF'), 4)).toBe(false);
  });
});

describe('the mail about a call', () => {
  const notice = {
    business: 'Sunrise Clinic',
    zone: 'America/New_York',
    startedAt: new Date('2026-11-23T02:04:00Z'),
    intent: 'message',
    urgent: false,
    address: 'https://app.example.com/dashboard/calls/1',
    takeAddress: null,
  } as const;

  test('says what there is, when by the clock of the business, and where', () => {
    const { subject, text } = callNotice(notice);
    expect(subject).toBe('Somebody left a message for Sunrise Clinic');
    expect(text).toContain('at 9:04 pm on Sunday, November 22.');
    expect(text).toContain('\nhttps://app.example.com/dashboard/calls/1\n');
  });

  test('says first that it is urgent, and where to say that one sees to it', () => {
    const takeAddress = 'https://app.example.com/take?token=1';
    const { subject, text } = callNotice({ ...notice, intent: 'emergency', urgent: true, takeAddress });
    expect(subject).toBe('Urgent: Somebody called Sunrise Clinic with an emergency');
    expect(text).toMatch(/^This is urgent\./);
    expect(text).toContain(`\n${takeAddress}\n`);
  });
});
