import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPhone, isSameNumber, parseCallerId, toE164 } from '@/lib/rules/phone-number';

test('a caller with a number is that number', () => {
  expect(parseCallerId('+14155550132')).toEqual({ kind: 'number', e164: '+14155550132' });
  expect(parseCallerId(' +491711234567 ')).toEqual({ kind: 'number', e164: '+491711234567' });
});

test('a withheld caller is withheld, in words, on the keypad and in whatever case', () => {
  const withheld = [
    'anonymous',
    'Anonymous',
    'ANONYMOUS',
    'unknown',
    'restricted',
    'Unavailable',
    'private',
    'blocked',
    '+266696687',
    '266696687',
    '+86282452253',
    '+8656696',
    '+2562533',
    '+7378742833',
    'sip:anonymous@anonymous.invalid',
    'sip:unknown@example.com',
    'anonymous caller',
    '',
    '   ',
    '+',
  ];
  for (const from of withheld) expect([from, parseCallerId(from)]).toEqual([from, { kind: 'withheld' }]);
});

test('a caller without a telephone number keeps its name', () => {
  for (const from of [
    'client:ana',
    'client:unknown',
    'sip:ana@example.com',
    '12345',
    '+0123456789',
    '+1415555',
    'Ана',
  ]) {
    const expected = from === '+1415555' ? { kind: 'number', e164: from } : { kind: 'other', text: from };
    expect([from, parseCallerId(from)]).toEqual([from, expected]);
  }
});

test('any text at all is some kind of caller, and a short one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 2000 }), fc.string()), (from) => {
      const caller = parseCallerId(from);
      if (caller.kind === 'number') expect(caller.e164).toMatch(/^\+[1-9]\d{5,14}$/);
      if (caller.kind === 'other') expect(caller.text.length).toBeLessThanOrEqual(200);
    }),
  );
});

test('a number as people type it is found in E.164, at home or from abroad', () => {
  expect(toE164('(415) 555-0132', 'US')).toBe('+14155550132');
  expect(toE164('+1 415.555.0132', 'DE')).toBe('+14155550132');
  expect(toE164('030 901820', 'DE')).toBe('+4930901820');
  expect(toE164('0049 30 901820', 'US')).toBe('+4930901820');
  expect(toE164('020 7946 0958', 'GB')).toBe('+442079460958');
});

test('what cannot be dialled is refused', () => {
  for (const typed of [
    '',
    'call me',
    '123',
    '415 555 0132 ext. 5',
    '+1 415 555 01325 99',
    '415-555-CATS',
    '9'.repeat(60),
  ]) {
    expect([typed, toE164(typed, 'US')]).toEqual([typed, null]);
  }
});

test('numbers are written as at home, or in full for other countries', () => {
  expect(formatPhone('+14155550132', 'US')).toBe('(415) 555-0132');
  expect(formatPhone('+14155550132', 'DE')).toBe('+1 415 555 0132');
  expect(formatPhone('+14155550132')).toBe('+1 415 555 0132');
  expect(formatPhone('not a number')).toBe('not a number');
});

test('two ways of writing the same number are the same number; two empty ones are not', () => {
  expect(isSameNumber('+1 415 555 0132', '+14155550132')).toBe(true);
  expect(isSameNumber('+14155550132', '+14155550133')).toBe(false);
  expect(isSameNumber('', '')).toBe(false);
});
