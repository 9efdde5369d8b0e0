/** Coming in, and going out. */
import { randomUUID } from 'node:crypto';
import { hashPassword } from '@/lib/platform/password';
import { triesPerAccount } from '@/lib/rules/lockout';
import { makePerson } from '@/tests/support/rows';
import { expect, test as house } from './house';

const password = 'correct horse battery staple';

/** `owner` may sign in with the password. */
const test = house.extend<{ email: string }>({
  email: async ({ house: { owner }, business }, use) => {
    const member = { businessId: business.id, role: 'business_owner' as const };
    const { email } = await makePerson(owner, { member, passwordHash: await hashPassword(password) });
    await use(email);
  },
});

test('the right password leads to Today', async ({ page, email }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in', exact: true }).first().click();
  await page.getByLabel('E-mail').fill(email.toUpperCase());
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nobody is waiting for you');
});

test('a wrong password says so, keeps the e-mail and forgets the password', async ({ page, email }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('something else');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'We could not sign you in' })).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue(email);
  await expect(page.getByLabel('Password')).toHaveValue('');
  await expect(page).toHaveURL('/sign-in');
});

test('what was not typed is asked for beside its field, which has the focus', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('Type your e-mail.');
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription('Type your password.');
});

test('V7.4.1 after signing out, the cookie that was in use is worth nothing', async ({ page, context, email }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard');
  const session = async () => (await context.cookies()).filter(({ name }) => name === 'aftercallpro.session');
  const before = await session();
  expect(before).toMatchObject([{ httpOnly: true, sameSite: 'Lax' }]);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
  expect(await session()).toEqual([]);
  await context.addCookies(before);
  await page.goto('/dashboard');
  await expect(page).toHaveURL('/sign-in?next=%2Fdashboard');
});

test('whoever was on the way somewhere gets there', async ({ page, email }) => {
  await page.goto('/dashboard/calls?show=urgent');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('wrong at first');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('We could not sign you in')).toBeVisible();
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard/calls?show=urgent');
});

for (const next of [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/api/health',
  'javascript:alert(1)',
]) {
  test(`V1.2.2 signing in leads to a page of ours, also when the address asks for ${next}`, async ({ page, email }) => {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL('/dashboard');
  });
}

test('too many tries are refused in words, with how long to wait', async ({ page, house: { owner } }) => {
  const email = `${randomUUID()}@example.com`;
  await page.goto('/sign-in');
  for (const guess of ['the first', 'the sixth']) {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(guess);
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await answered;
    const ofAccounts = { key: { startsWith: `${triesPerAccount.name}:` } };
    await owner.rateLimit.updateMany({ where: ofAccounts, data: { points: triesPerAccount.tries } });
  }
  await expect(page.getByText(/^That was too often\. Wait (a second|\d+ seconds), then try again\.$/)).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue(email);
});
