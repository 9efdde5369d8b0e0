/** Somebody new, from the first page through the mailbox to Today, with the real check against robots. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { newId } from '@/lib/platform/clock';
import { makePerson } from '@/tests/support/rows';
import { expect, test } from './house';
import { linkIn, mailTo } from './mailbox';

const password = 'a lamp above the weir';

async function fillIn(page: Page, email: string) {
  await page.getByLabel('Your name').fill('Ines Duarte');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('checkbox').check();
}

test.describe('an owner', () => {
  test.use({ timezoneId: 'Europe/Lisbon' });

  test('signs up, confirms, is in and is told what to do first', async ({ page, house }) => {
    const email = `${newId()}@example.com`;
    await page.goto('/');
    await page.getByRole('link', { name: 'Create an account' }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create an account');
    await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Lisbon');
    await page.getByLabel('Name of your business').fill('Harbour Dental Lisbon');
    await fillIn(page, email);
    await expect(page.getByText('The check against robots is done.')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Create my account' }).click();
    await expect(page).toHaveURL('/confirm-email');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Look into your mailbox');

    const link = linkIn(await mailTo(house.app.workspace, email));
    expect(link.startsWith(`${house.app.url}/confirm-email?token=`)).toBe(true);
    await page.goto(link);
    await page.goto(link); // looked at twice, as mail scanners do
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByLabel('Password').fill('not what I chose');
    await page.getByRole('button', { name: 'Confirm my e-mail' }).click();
    await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/^This is not the password/);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Confirm my e-mail' }).click();
    await expect(page).toHaveURL('/dashboard');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up your line');
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    await page.getByRole('link', { name: /^Say which number/ }).click();
    await expect(page).toHaveURL('/dashboard/number');
    await page
      .getByRole('main')
      .getByLabel(/number/i)
      .first()
      .fill('+351 21 000 0000');
    await page.getByRole('button', { name: 'Save number' }).click();
    await expect(page.getByText('Saved', { exact: false }).first()).toBeVisible();
    await page.goto('/dashboard');
    await expect(page.getByRole('listitem').filter({ hasText: 'Say which number' })).toContainText('Done.');

    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');
  });
});

test('somebody without a business signs up with the keyboard alone, quicker than the check', async ({
  page,
  house,
}) => {
  const email = `${newId()}@example.com`;
  await page.goto('/sign-up');
  await page.getByRole('link', { name: 'I have no business' }).click();
  await expect(page.getByText('For yourself, without a business.')).toBeVisible();
  await expect(page.getByLabel('Name of your business')).toHaveCount(0);
  await page.route('**/api/captcha', async (route) => {
    await expect(page.getByLabel('E-mail')).toHaveValue(email); // it comes late, and the form waits for it
    await route.continue();
  });
  await page.getByLabel('Your name').focus();
  await page.keyboard.type('Sam Rivera');
  await page.keyboard.press('Tab');
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Show password' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.getByLabel('E-mail').press('Enter');
  await expect(page).toHaveURL('/confirm-email', { timeout: 30_000 });
  await page.goto(linkIn(await mailTo(house.app.workspace, email)));
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/account');
});

test('what is wrong is said beside its field, the rest stays typed, and the check runs again', async ({ page }) => {
  const email = `${newId()}@example.com`;
  await page.goto('/sign-up');
  await page.getByLabel('Name of your business').fill('Harbour Dental');
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await page.getByLabel('E-mail').fill('ines＠example.com');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/^This is not an e-mail address\./, {
    timeout: 30_000,
  });
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Type your name.');
  await expect(page.getByRole('checkbox')).toHaveAccessibleDescription('We need your agreement to make an account.');
  await expect(page.getByLabel('Name of your business')).toHaveValue('Harbour Dental');
  await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Tokyo');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  await fillIn(page, email);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page).toHaveURL('/confirm-email', { timeout: 30_000 });
});

test('an address that has an account gets the same page, and a mail that says so', async ({ page, house }) => {
  const { email } = await makePerson(house.owner);
  await page.goto('/sign-up?as=user');
  await fillIn(page, email);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page).toHaveURL('/confirm-email', { timeout: 30_000 });
  expect((await mailTo(house.app.workspace, email)).subject).toBe('You have an AfterCallPro account already');
});

test.describe('where the check cannot be had', () => {
  test.use({ expectedComplaint: /status of 503/ });

  test('the form says so, sends nothing, and goes through once it can', async ({ page }) => {
    await page.route('**/api/captcha', (route) => route.fulfill({ status: 503, body: 'away' }));
    await page.goto('/sign-up?as=user');
    await fillIn(page, `${newId()}@example.com`);
    await page.getByRole('button', { name: 'Create my account' }).click();
    await expect(page.getByText('The check against robots did not work.')).toBeVisible();
    await expect(page).toHaveURL('/sign-up?as=user');
    await page.unroute('**/api/captcha');
    await page.getByRole('button', { name: 'Create my account' }).click();
    await expect(page).toHaveURL('/confirm-email', { timeout: 30_000 });
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page says that the check needs it, and a form sent all the same is refused in words', async ({ page }) => {
    await page.goto('/sign-up?as=user');
    await expect(page.getByText('Please turn JavaScript on for this page')).toBeVisible();
    await fillIn(page, `${newId()}@example.com`);
    await page.getByRole('button', { name: 'Create my account' }).click();
    await expect(page.getByText('We have not made an account yet.')).toBeVisible();
    await expect(page.getByLabel('Your name')).toHaveValue('Ines Duarte');
  });
});
