/** Signing in after failures: the check against robots comes by itself, with JavaScript and nothing to solve. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { hashPassword } from '@/lib/platform/password';
import { makePerson } from '@/tests/support/rows';
import { expect, test } from './house';

const password = 'nine grey herons';

async function tryIt(page: Page, email: string, guess: string) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(guess);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('somebody who mistyped the password twice gets in, a moment later', async ({ page, house }) => {
  const { email } = await makePerson(house.owner, { passwordHash: await hashPassword(password) });
  await page.goto('/sign-in');
  await tryIt(page, email, 'wrong');
  await expect(page.getByText('We could not sign you in')).toBeVisible();
  await expect(page.getByText('check against robots')).toHaveCount(0);
  await tryIt(page, email, 'wrong again');
  await expect(page.getByText(/check against robots/)).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  await tryIt(page, email, password);
  await expect(page).toHaveURL('/account', { timeout: 30_000 });
});

test('a network with failures has the check from the first try on', async ({ page, house }) => {
  const { email } = await makePerson(house.owner, { passwordHash: await hashPassword(password) });
  await page.goto('/sign-in');
  await tryIt(page, 'nobody-one@example.com', 'wrong');
  await expect(page.getByText('We could not sign you in')).toBeVisible();
  await tryIt(page, 'nobody-two@example.com', 'wrong');
  await expect(page.getByText(/check against robots/)).toBeVisible();
  await page.goto('/sign-in');
  await expect(page.getByText(/check against robots/)).toBeVisible();
  await tryIt(page, email, password);
  await expect(page).toHaveURL('/account', { timeout: 30_000 });
});

test('an account with failures from elsewhere asks for the password once more, and lets in', async ({
  page,
  house,
}) => {
  const { id, email } = await makePerson(house.owner, { passwordHash: await hashPassword(password) });
  await house.owner.user.update({ where: { id }, data: { failedLoginAttempts: 2 } });
  await page.goto('/sign-in');
  await tryIt(page, email, password);
  await expect(page.getByText('We have not looked at the password yet.')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue(email);
  await tryIt(page, email, password);
  await expect(page).toHaveURL('/account', { timeout: 30_000 });
});
