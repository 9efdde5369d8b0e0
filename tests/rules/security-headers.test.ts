import { describe, expect, test } from 'vitest';
import { addressOn, contentSecurityPolicy, httpsAddress } from '@/lib/rules/security-headers';

const arrival = {
  appUrl: 'https://app.example.com',
  trustedProxyHops: '1',
  forwardedProto: 'http',
  pathname: '/dashboard',
  search: '?x=1',
};

describe('plain HTTP', () => {
  test('is sent to the same page over HTTPS, where a proxy of ours says that it was', () => {
    expect(httpsAddress(arrival)).toBe('https://app.example.com/dashboard?x=1');
  });

  test.each([
    ['came over HTTPS', { forwardedProto: 'https' }],
    ['said nothing', { forwardedProto: null }],
    ['passed no proxy of ours, whatever it says', { trustedProxyHops: '0' }],
    ['passed no proxy of ours, where none is named', { trustedProxyHops: undefined }],
    ['is for a machine of one’s own', { appUrl: 'http://127.0.0.1:3000' }],
    ['came over HTTPS to the outermost of two', { trustedProxyHops: '2', forwardedProto: 'https, http' }],
    ['says it was HTTP before our one proxy saw HTTPS', { forwardedProto: 'http, https' }],
  ])('a request that %s stays where it is', (_, more) => {
    expect(httpsAddress({ ...arrival, ...more })).toBe(null);
  });
});

test.each(['//evil.example', '/\\evil.example', '///evil.example/x', '/@evil.example'])(
  'V1.2.2 the path %s leads to no other site',
  (pathname) => {
    expect(new URL(addressOn('https://app.example.com', pathname, '')).origin).toBe('https://app.example.com');
  },
);

test('V3.4.3 a policy allows nothing unsafe but while the product is developed', () => {
  expect(contentSecurityPolicy('n', { development: false, https: true })).not.toContain('unsafe');
  expect(contentSecurityPolicy('n', { development: true, https: false })).toContain("'unsafe-eval'");
});
