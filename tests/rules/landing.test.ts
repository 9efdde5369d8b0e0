import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { homeOf, pathAfterSignIn } from '@/lib/rules/landing';
import { ROLES } from '@/lib/rules/permissions';

describe('after signing in', () => {
  test('each role lands where it belongs', () => {
    expect(ROLES.map((role) => [role, homeOf(role)])).toEqual([
      ['admin', '/admin'],
      ['business_owner', '/dashboard'],
      ['staff', '/dashboard'],
      ['user', '/account'],
    ]);
  });

  test('somebody goes on to the page they asked for, with its question', () => {
    expect(pathAfterSignIn('/dashboard/calls?show=urgent', 'staff')).toBe('/dashboard/calls?show=urgent');
    expect(pathAfterSignIn('/account', 'admin')).toBe('/account');
  });

  test('a page that is not open to them is no place to go', () => {
    expect(pathAfterSignIn('/dashboard', 'admin')).toBe('/admin');
    expect(pathAfterSignIn('/admin', 'business_owner')).toBe('/dashboard');
    expect(pathAfterSignIn('/dashboardish', 'staff')).toBe('/dashboard');
    expect(pathAfterSignIn('/api/recordings/1', 'staff')).toBe('/dashboard');
  });

  test.each([
    '',
    'dashboard',
    'https://evil.example/dashboard',
    '//evil.example/dashboard',
    '/\\evil.example/dashboard',
    '/\t/evil.example/dashboard',
    '/.//evil.example/dashboard',
    '/dashboard/..//evil.example',
    '/%2e%2e//evil.example/dashboard',
    'javascript:alert(1)',
    '/dashboard/../admin',
    'http:/dashboard',
    '/\u0000/dashboard',
  ])('%j leads to no other site and to no other area', (next) => {
    expect(pathAfterSignIn(next, 'staff')).toBe('/dashboard');
  });

  test('no text leads anywhere but into an area of ours', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.webPath(),
      fc
        .array(fc.constantFrom('/', '\\', '.', 'dashboard', ':', '@', 'a.b', '%2f', '\n', '?', '#'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom(...ROLES), (next, role) => {
        const to = new URL(pathAfterSignIn(next, role), 'https://ours.example');
        expect(to.origin).toBe('https://ours.example');
        expect(to.pathname).toMatch(/^\/(dashboard|admin|account)(\/|$)/);
      }),
    );
  });
});
