/** One's own account: a name, and an address that changes by way of two mailboxes. */
import { newId } from '@/lib/platform/clock';
import { expect, test } from './house';
import { linkIn, mailTo } from './mailbox';

test('somebody without a business changes their name, and sees who they are and what could come', async ({
  page,
  signIn,
}) => {
  await signIn('user');
  await page.goto('/account');
  await expect(page.getByText('You are in no business here.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('  ');
  await page.getByRole('button', { name: 'Save my name' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/^Type your name\./);
  await page.getByLabel('Name', { exact: true }).fill('Zoë ناصر');
  await page.getByRole('button', { name: 'Save my name' }).click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Zoë ناصر');
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('somebody without a business adds one, and is told there what to do first', async ({ page, signIn }) => {
      await signIn('user');
      await page.goto('/account');
      await page.getByLabel('Name of the business').fill('!');
      await page.getByRole('button', { name: 'Add the business' }).click();
      await expect(page.getByText('Write a name in letters or digits')).toBeVisible();
      await page.getByLabel('Name of the business').fill('Weir Street Plumbing');
      await page.getByLabel('Time zone').selectOption('Europe/Lisbon');
      await page.getByRole('button', { name: 'Add the business' }).click();
      await expect(page).toHaveURL('/dashboard');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up your line');
      await expect(page.getByRole('banner')).toContainText('Weir Street Plumbing');

      await page.getByRole('link', { name: /Say when your people are there/ }).click();
      await page.getByRole('button', { name: 'Save hours' }).click();
      await expect(page.getByText('Saved. The next call goes by these hours.', { exact: true })).toBeVisible();
      await page.goto('/dashboard');
      await expect(page.getByRole('link', { name: /Say when your people are there/ })).toContainText('Done.');
    });
  });
}

test('whoever opens the link of a new e-mail where they are signed in sees it on their account', async ({
  page,
  house,
  signIn,
}) => {
  await signIn('user');
  const next = `${newId()}@example.com`;
  await page.goto('/account');
  await page.getByLabel('New e-mail').fill(next);
  await page.getByRole('button', { name: 'Send a link there' }).click();
  await page.goto(linkIn(await mailTo(house.app.workspace, next)));
  await page.getByRole('button', { name: 'Change my e-mail' }).click();
  await expect(page).toHaveURL('/account');
  await expect(page.getByRole('main').getByText(next)).toBeVisible();
});

test('an e-mail is changed from the new mailbox, and taken back from the old one', async ({
  page,
  browser,
  house,
  signIn,
}) => {
  const { email } = await signIn('user');
  const next = `${newId()}@example.com`;
  await page.goto('/account');
  await page.getByLabel('New e-mail').fill(next);
  await page.getByRole('button', { name: 'Send a link there' }).click();
  await expect(page.getByText(`We have sent a link to ${next}.`)).toBeVisible();

  // Another browser, where nobody is signed in.
  const elsewhere = await browser.newContext({ baseURL: house.app.url });
  const mailbox = await elsewhere.newPage();
  await mailbox.goto(linkIn(await mailTo(house.app.workspace, next)));
  await expect(mailbox.getByRole('heading', { level: 1 })).toHaveText('Use this e-mail from now on?');
  await mailbox.getByRole('button', { name: 'Change my e-mail' }).click();
  await expect(mailbox.getByText('Your e-mail is changed.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('main').getByText(next)).toBeVisible();

  const notice = await mailTo(house.app.workspace, email);
  expect(notice.subject).toBe('The e-mail of your AfterCallPro account was changed');
  await mailbox.goto(linkIn(notice));
  await mailbox.getByRole('button', { name: 'Keep this e-mail' }).click();
  await expect(mailbox.getByText('Your e-mail is the old one again')).toBeVisible();
  await elsewhere.close();
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in/);
});
