import { createHmac, hkdfSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { env } from '@/lib/platform/env';
import { mac } from '@/lib/platform/mac';

test('what is made for one purpose is worth nothing for another', () => {
  expect(mac('take link', 'one')).toEqual(mac('take link', Buffer.from('one')));
  expect(mac('take link', 'one')).not.toEqual(mac('mobile code', 'one'));
  expect(mac('take link', 'one')).not.toEqual(mac('take link', 'two'));
});

test('links that were sent stay good: key and sum are made as they always were', () => {
  const key = hkdfSync('sha256', env().SECRET_KEY, '', 'aftercallpro take link', 32);
  const expected = createHmac('sha256', Buffer.from(key)).update('one').digest('hex');
  expect(mac('take link', 'one').toString('hex')).toBe(expected);
});
