import { expect, test } from 'vitest';
import { deviceInWords } from '@/lib/rules/device';

const mozilla = 'Mozilla/5.0';
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test.each([
  ['Firefox on Windows', `${mozilla} (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0`],
  ['Chrome on Linux', `${mozilla} (X11; Linux x86_64) ${webkit} Chrome/126.0.0.0 Safari/537.36`],
  ['Edge on Windows', `${mozilla} (Windows NT 10.0) ${webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`],
  ['Safari on Mac', `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15`],
  [
    'Safari on iPhone',
    `${mozilla} (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1`,
  ],
  ['Chrome on iPad', `${mozilla} (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Safari/604.1`],
  [
    'Samsung Internet on Android',
    `${mozilla} (Linux; Android 14) ${webkit} SamsungBrowser/25.0 Chrome/121.0 Safari/537.36`,
  ],
  ['A browser on Linux', 'something (Linux)'],
  ['Unknown device', 'curl/8.5.0'],
  ['Unknown device', ''],
])('%s is recognised', (words, userAgent) => {
  expect(deviceInWords(userAgent)).toBe(words);
});

test('whatever a browser claims, only words of ours are shown', () => {
  expect(deviceInWords('<b>Firefox/1</b> Windows')).toBe('Firefox on Windows');
  expect(deviceInWords(null)).toBe('Unknown device');
});
