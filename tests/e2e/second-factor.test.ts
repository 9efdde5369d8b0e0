/** The second factor, as somebody at a browser turns it on, signs in with it, and gets in without the phone. */
import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { hashPassword } from '@/lib/platform/password';
import { codeAt, giveSecondFactor } from '@/tests/support/authenticator';
import { makePerson } from '@/tests/support/rows';
import { expect, test as house } from './house';
import { mailTo } from './mailbox';

const password = 'nine grey herons';

const test = house.extend<{ person: Awaited<ReturnType<typeof makePerson>> }>({
  /** Somebody with a password and no second factor; the browser is signed in as nobody. */
  person: async ({ house: { owner }, business }, use) => {
    const member = { businessId: business.id, role: 'business_owner' as const };
    await use(await makePerson(owner, { member, passwordHash: await hashPassword(password) }));
  },
});

async function signInAs(page: Page, email: string) {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
const codesOn = async (page: Page) =>
  (await page.getByRole('main').getByRole('listitem').allTextContents()).map((text) => text.trim());
const looksGood = async (page: Page) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  }
};

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('V6.3.3 it is turned on, asked for at the next sign-in, and a recovery code takes its place when the phone is lost', async ({
      page,
      person,
      house: { app },
    }) => {
      await signInAs(page, person.email);
      await expect(page).toHaveURL('/dashboard');
      await page.goto('/account/security');
      await page.getByRole('link', { name: 'Turn it on' }).click();
      await page.getByRole('button', { name: 'Set it up' }).click();
      await expect(page.getByRole('img', { name: /Picture for your app/ })).toBeVisible();
      const key = (await page.getByRole('textbox', { name: 'Or type this key' }).inputValue()).replaceAll(' ', '');
      if (javaScriptEnabled) await looksGood(page);

      await page.getByLabel(/six digits/).fill('000000');
      await page.getByRole('button', { name: 'Turn it on' }).click();
      await expect(page.getByText(/This code is not right/)).toBeVisible();
      await page.getByLabel(/six digits/).fill(codeAt(key, new Date()));
      await page.getByRole('button', { name: 'Turn it on' }).click();
      await expect(page.getByRole('heading', { name: 'Keep these codes' })).toBeVisible();
      const codes = await codesOn(page);
      expect(codes).toHaveLength(10);
      if (javaScriptEnabled) {
        await looksGood(page);
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Download as a text file' }).click(),
        ]);
        expect(file.suggestedFilename()).toBe('aftercallpro-recovery-codes.txt');
        expect((await readFile(await file.path(), 'utf8')).split('\r\n')).toEqual(expect.arrayContaining(codes));
        expect(page.url()).not.toContain(codes[0] ?? '');
      }
      await page.getByRole('link', { name: 'I have kept them' }).click();
      await expect(page.getByText('You have 10 recovery codes left')).toBeVisible();
      expect((await mailTo(app.workspace, person.email)).subject).toBe('Your AfterCallPro account now asks for a code');
      await page.goto('/account/two-factor');
      expect(await page.content()).not.toContain(codes[0] ?? '');
      await page.goto('/account');
      await signOut(page);
      await expect(page).toHaveURL('/sign-in');

      await signInAs(page, person.email);
      await expect(page).toHaveURL('/two-factor');
      await page.goto('/dashboard');
      await expect(page).toHaveURL(/^[^?]*\/sign-in/);
      await page.goto('/two-factor');
      await page.getByLabel('Code').fill('000000');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByText(/This code is not right/)).toBeVisible();
      // The one of now turned it on; the next one is good already.
      await page.getByLabel('Code').fill(codeAt(key, new Date(Date.now() + 30_000)));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page).toHaveURL('/dashboard');
      await page.goto('/account');
      await signOut(page);
      await expect(page).toHaveURL('/sign-in');

      await signInAs(page, person.email);
      await page.getByRole('link', { name: 'I do not have my phone' }).click();
      await page.getByLabel('Recovery code').fill((codes[4] ?? '').toLowerCase());
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page).toHaveURL('/dashboard');
      await page.goto('/account/security');
      await expect(page.getByText('You have 9 recovery codes left')).toBeVisible();
    });
  });
}

test('the question for the code looks as it should, and leads where one was going', async ({
  page,
  person,
  house: { owner },
}) => {
  const { secret } = await giveSecondFactor(owner, person.id);
  await page.goto('/dashboard/calls?show=urgent');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your code');
  await looksGood(page);
  await page.getByRole('link', { name: 'I do not have my phone' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your recovery code');
  await expect(page).toHaveTitle(/./); // it comes a moment after the page
  await looksGood(page);
  await page.getByRole('link', { name: 'Use the app instead' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your code'); // the page before has a code's field too
  await page.getByLabel('Code').fill(codeAt(secret, new Date()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard/calls?show=urgent');
});

test('it is turned off, and new codes are made, by who has just signed in', async ({
  page,
  person,
  house: { owner },
}) => {
  const { secret, recoveryCodes } = await giveSecondFactor(owner, person.id);
  await signInAs(page, person.email);
  await page.getByLabel('Code').fill(codeAt(secret, new Date()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard');
  await page.goto('/account/two-factor');
  await looksGood(page);
  await page.getByRole('button', { name: 'Make new codes' }).click();
  await expect(page.getByRole('heading', { name: 'Keep these codes' })).toBeVisible();
  const codes = await codesOn(page);
  expect(codes.filter((code) => recoveryCodes.includes(code))).toEqual([]);
  expect(codes).toHaveLength(10);
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await page.getByRole('link', { name: 'New codes, or turn it off' }).click();
  await page.getByRole('button', { name: 'Turn it off' }).click();
  await expect(page).toHaveURL('/account/security');
  await expect(page.getByRole('link', { name: 'Turn it on' })).toBeVisible();
});

test('who must have one is told so until it is on, and no longer above the codes', async ({
  page,
  business,
  house,
}) => {
  await house.owner.business.update({ where: { id: business.id }, data: { twoFactorRequired: true } });
  const member = { businessId: business.id, role: 'staff' as const };
  const { email } = await makePerson(house.owner, { member, passwordHash: await hashPassword(password) });
  await signInAs(page, email);
  const must = page.getByText('Nothing else opens until it is set up.');
  await expect(must).toBeVisible();
  await page.getByRole('button', { name: 'Set it up' }).click();
  const key = (await page.getByRole('textbox', { name: 'Or type this key' }).inputValue()).replaceAll(' ', '');
  await expect(must).toBeVisible();
  await page.getByLabel(/six digits/).fill(codeAt(key, new Date()));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByRole('heading', { name: 'Keep these codes' })).toBeVisible();
  await expect(must).toHaveCount(0);
  await looksGood(page);
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await expect(page).toHaveURL('/dashboard');
});

test('V7.5.1 eleven minutes after the last proof it is asked for first, with the code', async ({
  page,
  person,
  house: { owner, app },
}) => {
  const { secret } = await giveSecondFactor(owner, person.id);
  await owner.session.update({
    where: { id: person.sessionId },
    data: { createdAt: new Date(Date.now() - 1_200_000), reauthenticatedAt: new Date(Date.now() - 660_000) },
  });
  const { cookie = '' } = await app.as(person.sessionId);
  const [name = '', value = ''] = cookie.split('=');
  await page.context().addCookies([{ name, value, url: app.url, httpOnly: true, sameSite: 'Lax' }]);
  await page.goto('/account/security');
  await looksGood(page);
  await page.getByRole('link', { name: 'New codes, or turn it off' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm that it is you');
  await looksGood(page);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText(/This code is not right/)).toBeVisible();
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Code').fill(codeAt(secret, new Date()));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page).toHaveURL('/account/two-factor');
  await expect(page.getByRole('button', { name: 'Turn it off' })).toBeVisible();
});
