/** Asked into a business by mail, at work in it, and out again; with JavaScript and without. */
import type { Page } from '@playwright/test';
import { hashPassword } from '@/lib/platform/password';
import { makeBusiness, makeInvitation, makePerson } from '@/tests/support/rows';
import { expect, rowWith, test } from './house';
import { linkIn, mailTo } from './mailbox';

const password = 'a lamp above the weir';

async function signInWith(page: Page, email: string) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('an owner invites staff, who make an account from the mail and see what staff may', async ({
      page,
      house,
      business,
      signIn,
      browser,
    }) => {
      await signIn('business_owner');
      const email = `${business.id}@staff.example`;
      await page.goto('/dashboard/people');
      await page.getByRole('link', { name: 'Who may sign in' }).click();
      await page.getByLabel('E-mail').fill('somebody＠example.com');
      await page.getByRole('button', { name: 'Send the invitation' }).click();
      await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('This is not an e-mail address.');
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('button', { name: 'Send the invitation' }).click();
      await expect(rowWith(page, email)).toContainText('Staff · sent');

      const link = linkIn(await mailTo(house.app.workspace, email));
      expect(link.startsWith(`${house.app.url}/invitation?token=`)).toBe(true);
      const context = await browser.newContext({ javaScriptEnabled, baseURL: house.app.url });
      const there = await context.newPage();
      await there.goto(link);
      await there.goto(link); // looked at twice, as mail scanners do
      await expect(there.getByRole('main')).toContainText('Harbour Dental');
      await there.getByLabel('Your name').fill('Noor Haddad');
      await there.getByLabel('I agree that AfterCallPro stores', { exact: false }).check();
      await there.getByLabel('Password', { exact: true }).fill('Password1!');
      await there.getByRole('button', { name: 'Make my account and accept' }).click();
      await expect(there.getByText(/^This is one of the passwords that are guessed first/)).toBeVisible();
      await expect(there.getByLabel('Your name')).toHaveValue('Noor Haddad');
      await there.getByLabel('Password', { exact: true }).fill(password);
      await there.getByRole('button', { name: 'Make my account and accept' }).click();
      await expect(
        there.getByText('Your account is made, and you have joined the business. Sign in to begin.'),
      ).toBeVisible();
      await signInWith(there, email);
      await expect(there).toHaveURL('/dashboard');
      await expect(there.getByRole('banner')).toContainText('Harbour Dental');
      const rail = there.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link');
      await expect(rail).toHaveText(['Today', 'Calls', 'Account']);
      expect((await there.goto('/dashboard/people/members'))?.status()).toBe(403);
      await there.goto(link);
      await expect(there.getByRole('heading', { level: 1 })).toHaveText('You have accepted already');

      await page.goto('/dashboard/people/members');
      await expect(rowWith(page, 'Noor Haddad')).toContainText('No second factor');
      await expect(rowWith(page, 'Noor Haddad')).toContainText('Staff');
      await expect(page.getByRole('heading', { name: 'Invitations' })).toHaveCount(0);

      // Made an owner, then taken out: each counts from the next thing they do.
      await page.getByRole('link', { name: 'Noor Haddad' }).click();
      await page.getByRole('button', { name: 'Make an owner' }).click();
      await expect(page.getByRole('button', { name: 'Make staff' })).toBeVisible();
      await there.goto('/dashboard');
      await expect(there).toHaveURL(/\/sign-in/);
      await signInWith(there, email);
      await expect(there.getByRole('banner')).toContainText('People');
      await page.getByRole('button', { name: 'Take out' }).click();
      await expect(page.getByText('Tick this first', { exact: false })).toBeVisible();
      await page.getByLabel('They lose access now').check();
      await page.getByRole('button', { name: 'Take out' }).click();
      await expect(page).toHaveURL('/dashboard/people/members');
      await expect(rowWith(page, 'Noor Haddad')).toHaveCount(0);
      await there.goto('/dashboard');
      await expect(there).toHaveURL(/\/sign-in/);
      await context.close();
      expect((await mailTo(house.app.workspace, email)).subject).toMatch(/Harbour Dental/);
    });

    test('somebody with an account signs in on the way, comes back, and then has two businesses', async ({
      page,
      house,
      business,
    }) => {
      const other = await makeBusiness(house.owner, { name: 'Second Street Dental' });
      const member = { businessId: other.id, role: 'business_owner' as const };
      const { email } = await makePerson(house.owner, { member, passwordHash: await hashPassword(password) });
      const { token } = await makeInvitation(house.owner, business.id, { email });
      await page.goto(`/invitation?token=${token}`);
      await page.getByRole('link', { name: 'Sign in to accept' }).click();
      await signInWith(page, email);
      await expect(page).toHaveURL(`/invitation?token=${token}`);
      await page.getByRole('button', { name: 'Accept the invitation' }).click();
      await expect(page).toHaveURL('/dashboard');
      await expect(page.getByRole('banner')).toContainText('Harbour Dental');
      await page.getByRole('link', { name: 'Change business' }).click();
      await expect(page).toHaveURL('/account');
      await page.getByRole('button', { name: 'Open Second Street Dental' }).click();
      await expect(page.getByRole('banner')).toContainText('Second Street Dental');
    });

    test('who is signed in with another address is told so, and nothing is done', async ({
      page,
      house,
      business,
      signIn,
    }) => {
      await signIn('user');
      const { id, token } = await makeInvitation(house.owner, business.id);
      await page.goto(`/invitation?token=${token}`);
      await expect(page.getByText('You are signed in with another address.', { exact: false })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Accept the invitation' })).toHaveCount(0);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page).toHaveURL('/sign-in');
      const invitation = await house.owner.invitation.findFirst({ where: { id } });
      expect(invitation?.acceptedAt).toBeNull();
    });

    test('an owner hands the business over, and leaves it as staff', async ({ page, house, business, signIn }) => {
      await signIn('business_owner');
      await page.goto('/account');
      await page.getByRole('link', { name: 'Leave' }).click();
      await expect(page.getByText('You are its only owner', { exact: false })).toBeVisible();
      const { id } = await makePerson(house.owner, { member: { businessId: business.id, role: 'staff' } });
      await page.goto(`/dashboard/people/members/${id}`);
      await page.getByLabel('I will no longer be an owner').check();
      await page.getByRole('button', { name: 'Hand over' }).click();
      await expect(page).toHaveURL('/dashboard');
      await expect(page.getByRole('banner')).not.toContainText('People');
      await page.goto('/account/leave');
      await page.getByLabel('I want to leave Harbour Dental').check();
      await page.getByRole('button', { name: 'Leave the business' }).click();
      await expect(page).toHaveURL('/account');
      await expect(page.getByText('You are in no business here.', { exact: false })).toBeVisible();
    });
  });
}

test('one of two owners becomes staff, and the other cannot', async ({ page, house, business, signIn }) => {
  const { id } = await signIn('business_owner');
  const other = await makePerson(house.owner, { member: { businessId: business.id, role: 'business_owner' } });
  await page.goto(`/dashboard/people/members/${id}`);
  await page.getByRole('button', { name: 'Become staff' }).click();
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByRole('banner')).not.toContainText('People');
  const { cookie = '' } = await house.app.as(other.sessionId);
  const [name = '', value = ''] = cookie.split('=');
  await page.context().addCookies([{ name, value, url: house.app.url, httpOnly: true, sameSite: 'Lax' }]);
  await page.goto(`/dashboard/people/members/${other.id}`);
  await expect(page.getByText('You are the only owner.', { exact: false })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Become staff' })).toHaveCount(0);
});

test('a withdrawal can be undone in passing', async ({ page, house, business, signIn }) => {
  await signIn('business_owner');
  const { id, email } = await makeInvitation(house.owner, business.id);
  await page.goto('/dashboard/people/members');
  await page.getByRole('button', { name: `Withdraw the invitation of ${email}` }).click();
  await expect(page.getByText('Withdrawn. The link no longer works.', { exact: true })).toBeVisible();
  await expect(rowWith(page, email)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rowWith(page, email)).toHaveCount(1);
  const invitation = await house.owner.invitation.findFirst({ where: { id } });
  expect(invitation?.withdrawnAt).toBeNull();
});
