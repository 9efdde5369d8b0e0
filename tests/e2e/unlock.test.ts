/** An account that was closed by wrong passwords, opened again from the mailbox; with JavaScript and without. */
import { AxeBuilder } from '@axe-core/playwright';
import { hashPassword } from '@/lib/platform/password';
import { solvedCaptcha } from '@/tests/support/captcha';
import { makePerson } from '@/tests/support/rows';
import { sendAction } from '@/tests/support/send-action';
import { expect, test } from './house';
import { linkIn, mailTo } from './mailbox';

const password = 'nine grey herons';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the owner is told, opens the account and signs in', async ({ page, house }) => {
      const { id, email } = await makePerson(house.owner, { passwordHash: await hashPassword(password) });
      // Four from elsewhere; one of a browser that is new here closes it.
      await house.owner.user.update({ where: { id }, data: { failedLoginAttempts: 4 } });
      await sendAction(house.app.url, 'signIn', { email, password: 'wrong', captcha: await solvedCaptcha() });

      await page.goto(linkIn(await mailTo(house.app.workspace, email)));
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open your account again');
      if (javaScriptEnabled) expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await page.getByRole('button', { name: 'Open my account' }).click();
      await expect(page.getByText('Your account is open again. Sign in.')).toBeVisible();
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page).toHaveURL('/account');
    });
  });
}

test('a browser that was signed in from gets in while strangers keep the account closed', async ({
  page,
  house,
  context,
}) => {
  const { id, email } = await makePerson(house.owner, { passwordHash: await hashPassword(password) });
  const signIn = async () => {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn();
  await expect(page).toHaveURL('/account');
  const device = (await context.cookies()).find(({ name }) => name === 'aftercallpro.device');
  expect(device).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });

  await house.owner.user.update({
    where: { id },
    data: { failedLoginAttempts: 5, accountLockedUntil: new Date(Date.now() + 1_800_000) },
  });
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await expect(page).toHaveURL('/sign-in');
  await signIn();
  await expect(page).toHaveURL('/account');

  // The same id, signed by somebody else, is no id of ours.
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await expect(page).toHaveURL('/sign-in');
  const [forged = ''] = device?.value.split('.') ?? [];
  await context.addCookies([{ name: 'aftercallpro.device', value: `${forged}.AAAA`, url: house.app.url }]);
  await signIn();
  await expect(page.getByText('We have not looked at the password yet.')).toBeVisible();
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('We could not sign you in')).toBeVisible();
});
