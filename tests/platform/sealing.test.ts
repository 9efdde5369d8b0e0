import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { blindIndex, open, SealError, seal } from '@/lib/platform/sealing';

const home = { businessId: newId(), id: newId() };

describe('a sealed value', () => {
  test('opens where it was sealed, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(open('Call', seal('Call', { ...home, wanted: text })).wanted).toBe(text.toWellFormed());
      }),
    );
  });

  test('is different each time and holds nothing of the text', () => {
    const text = 'a text that would be found again';
    const [one, two] = [seal('Call', { ...home, wanted: text }).wanted, seal('Call', { ...home, wanted: text }).wanted];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
    expect(Buffer.from(one).includes('found')).toBe(false);
  });

  test('V11.3.3 does not open in another row, column, table or business', () => {
    const { wanted } = seal('Call', { ...home, wanted: 'for this place alone' });
    expect(() => open('Call', { ...home, id: newId(), wanted })).toThrow(SealError);
    expect(() => open('Call', { ...home, businessId: newId(), wanted })).toThrow(SealError);
    expect(() => open('Call', { ...home, callerName: wanted })).toThrow(SealError);
    expect(() => open('CallEvent', { ...home, said: wanted })).toThrow(SealError);
  });

  test('V11.3.3 does not open with any one bit changed, or any part cut off', () => {
    const { wanted } = seal('Call', { ...home, wanted: 'short' });
    for (let bit = 0; bit < wanted.length * 8; bit += 1) {
      const changed = Uint8Array.from(wanted);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => open('Call', { ...home, wanted: changed })).toThrow(SealError);
    }
    for (let length = 0; length < wanted.length; length += 1) {
      expect(() => open('Call', { ...home, wanted: wanted.slice(0, length) })).toThrow(SealError);
    }
  });

  test('V16.5.3 names the key that is missing, and is never taken for plain text', () => {
    const { wanted } = seal('Call', { ...home, wanted: 'text' });
    const unknown = Uint8Array.from(wanted);
    unknown.set([0xde, 0xad, 0xbe, 0xef], 1);
    expect(() => open('Call', { ...home, wanted: unknown })).toThrow(/deadbeef/);
    expect(() =>
      open('Call', { ...home, wanted: Uint8Array.from(Buffer.from('plain text, long enough to pass as one')) }),
    ).toThrow(/not sealed/);
  });

  test('leaves null and the columns that are not sealed as they are', () => {
    expect(seal('Call', { ...home, wanted: null, urgent: true })).toEqual({ ...home, wanted: null, urgent: true });
  });
});

describe('a blind index', () => {
  test('is the same for the same address however its case or accents are written, and for no other', () => {
    expect(blindIndex('email', 'José@Example.com')).toEqual(blindIndex('email', 'jose\u0301@example.COM'));
    expect(blindIndex('email', 'a@example.com')).not.toEqual(blindIndex('email', 'b@example.com'));
    expect(blindIndex('phone', '+14155550123')).not.toEqual(blindIndex('email', '+14155550123'));
  });
});
