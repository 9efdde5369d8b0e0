import { expect, test } from 'vitest';
import { placeOf } from '@/lib/platform/place';

test.each([
  ['8.8.8.8', 'United States'],
  ['193.0.6.139', 'Netherlands'],
  ['2001:67c:2e8:22::c100:68b', 'Netherlands'],
  ['133.11.0.1', 'Japan'],
])('%s is in %s', async (address, country) => {
  expect(await placeOf(address)).toBe(country);
});

test.each(['127.0.0.1', '192.168.1.7', '10.0.0.1', '::1', 'fd00::1', null])('%s is in no country', async (address) => {
  expect(await placeOf(address)).toBe(null);
});
