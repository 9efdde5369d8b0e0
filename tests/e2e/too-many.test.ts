import { signedInRequests } from '@/lib/rules/limits';
import { expect, test } from './house';

test.describe('somebody who asks too often', () => {
  test.use({ expectedComplaint: /status of 429|Failed to fetch RSC payload/ });

  test('comes from a link to a page that says how long to wait, and is back afterwards', async ({
    page,
    house,
    signIn,
  }) => {
    const { rateLimit } = house.owner;
    const counted = async () => new Set((await rateLimit.findMany({ select: { key: true } })).map(({ key }) => key));
    const before = await counted();
    await signIn('business_owner');
    await page.goto('/dashboard');
    const own = [...(await counted())].filter((key) => !before.has(key) && key.startsWith(`${signedInRequests.name}:`));
    expect(own).toHaveLength(1);
    const where = { key: { in: own } };
    await rateLimit.updateMany({ where, data: { points: signedInRequests.tries } });

    await page.getByRole('navigation').getByRole('link', { name: 'Calls' }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('That was too much at once');
    await expect(page.getByText(/^Wait \d+ (seconds|minutes), then go back and try again\.$/)).toBeVisible();

    await rateLimit.updateMany({ where, data: { points: 0 } });
    await page.getByRole('link', { name: 'Go to your start page' }).click();
    await expect(page).toHaveURL(/\/dashboard$/);
  });
});
