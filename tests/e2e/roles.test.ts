/** What each role finds in its browser. */
import { homeOf } from '@/lib/rules/landing';
import { expect, test } from './house';

const ways = [
  {
    role: 'business_owner',
    home: '/dashboard',
    places: ['Today', 'Calls', 'Line', 'People', 'Usage', 'Compliance', 'Account'],
  },
  { role: 'staff', home: '/dashboard', places: ['Today', 'Calls', 'Account'] },
  { role: 'admin', home: '/admin', places: ['Platform', 'Businesses', 'Users', 'Audit', 'Jobs', 'Backups', 'Account'] },
  { role: 'user', home: '/account', places: ['Account'] },
] as const;

for (const { role, home, places } of ways) {
  test(`${role} lands on ${home} and is shown the way to ${places.join(', ')} and nowhere else`, async ({
    page,
    signIn,
  }) => {
    await signIn(role);
    await page.goto('/sign-in');
    await expect(page).toHaveURL(home);
    const rail = page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link');
    await expect(rail).toHaveText([...places]);
    for (const place of places) {
      await rail.filter({ hasText: place }).click();
      await expect(rail.filter({ hasText: place })).toHaveAttribute('aria-current', 'page');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    }
  });
}

test.describe('what is not theirs', () => {
  test.use({ expectedComplaint: /status of 403/ });

  for (const [role, addresses] of [
    [
      'staff',
      [
        '/dashboard/hours',
        '/dashboard/greeting',
        '/dashboard/number',
        '/dashboard/people',
        '/dashboard/people/told',
        '/dashboard/people/members',
        '/dashboard/usage',
        '/admin',
        '/admin/users',
      ],
    ],
    ['admin', ['/dashboard', '/dashboard/calls', '/dashboard/hours']],
    ['user', ['/dashboard', '/admin']],
    ['business_owner', ['/admin']],
  ] as const) {
    test(`is refused to ${role}, in words and with 403, and a way out`, async ({ page, signIn }) => {
      await signIn(role);
      for (const address of addresses) {
        const response = await page.goto(address);
        expect([address, response?.status()]).toEqual([address, 403]);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('This is not open to you');
      }
      await page.getByRole('link', { name: 'Go to your start page' }).click();
      await expect(page).toHaveURL(homeOf(role));
    });
  }
});

test.describe('what does not exist', () => {
  test.use({ expectedComplaint: /status of 404/ });

  test('is said to be nowhere, with 404 and the way to where one belongs', async ({ page, signIn }) => {
    await signIn('admin');
    for (const address of ['/nowhere', '/admin/nowhere']) {
      const response = await page.goto(address);
      expect(response?.status()).toBe(404);
      await expect(page).toHaveTitle('Nothing here · AfterCallPro');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing here');
    }
    await page.getByRole('link', { name: 'Go to your start page' }).click();
    await expect(page).toHaveURL('/admin');
  });
});
