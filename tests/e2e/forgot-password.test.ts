/** A forgotten password, from the sign-in page through the mailbox and back; with JavaScript and without. */

import { AxeBuilder } from '@axe-core/playwright';
import { hashPassword } from '@/lib/platform/password';
import { makePerson } from '@/tests/support/rows';
import { expect, test } from './house';
import { linkIn, mailTo } from './mailbox';

const password = 'nine grey herons';
const fresh = 'a lamp above the weir';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('somebody who forgot the password gets a new one by mail', async ({ page, house }) => {
      const { email } = await makePerson(house.owner, { passwordHash: await hashPassword(password) });
      await page.goto('/sign-in');
      await page.getByRole('link', { name: 'I forgot my password' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Forgotten password');
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('button', { name: 'Send the link' }).click();
      await expect(page.getByText('If there is an account with this e-mail')).toBeVisible();

      const link = linkIn(await mailTo(house.app.workspace, email));
      expect(link.startsWith(`${house.app.url}/reset-password?token=`)).toBe(true);
      await page.goto(link);
      await page.goto(link); // looked at twice, as mail scanners do
      await page.getByLabel('New password').fill('Password1!');
      await page.getByRole('button', { name: 'Change password' }).click();
      await expect(page.getByText(/^This is one of the passwords that are guessed first/)).toBeVisible();
      await page.getByLabel('New password').fill(fresh);
      await page.getByRole('button', { name: 'Change password' }).click();
      await expect(page).toHaveURL('/sign-in?after=reset');
      await expect(page.getByText('Your password is changed')).toBeVisible();
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(fresh);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page).toHaveURL('/account');

      await page.goto(link);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');
    });
  });
}

test('a link that works looks as it should', async ({ page, house }) => {
  const { email } = await makePerson(house.owner);
  await page.goto('/forgot-password');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.goto(linkIn(await mailTo(house.app.workspace, email)));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
});

test('an address that nobody has gets the same answer', async ({ page }) => {
  await page.goto('/forgot-password');
  await page.getByLabel('E-mail').fill('nobody-by-this-name@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText('If there is an account with this e-mail')).toBeVisible();
});
