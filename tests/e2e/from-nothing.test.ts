/** The whole way of a new owner in one browser, with nothing prepared; and what somebody gets who wants in beside them. */
import type { Page } from '@playwright/test';
import { newId } from '@/lib/platform/clock';
import { sessionCookieName } from '@/lib/rules/session';
import { codeAt } from '@/tests/support/authenticator';
import { makeCall } from '@/tests/support/rows';
import { expect, test } from './house';
import { linkIn, mailTo } from './mailbox';

const password = 'a lamp above the weir';

async function signInAs(page: Page, email: string, typed = password) {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(typed);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** In `page` somebody new signs up, confirms, and turns on the second factor. */
async function begin(page: Page, workspace: string) {
  const email = `${newId()}@example.com`;
  await page.goto('/sign-up');
  await page.getByLabel('Name of your business').fill('Harbour Street Plumbing');
  await page.getByLabel('Time zone').selectOption('Europe/Lisbon');
  await page.getByLabel('Your name').fill('Ines Duarte');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page).toHaveURL('/confirm-email', { timeout: 30_000 });
  await page.goto(linkIn(await mailTo(workspace, email)));
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Confirm my e-mail' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up your line');

  await page.goto('/account/security');
  await page.getByRole('link', { name: 'Turn it on' }).click();
  await page.getByRole('button', { name: 'Set it up' }).click();
  const key = (await page.getByRole('textbox', { name: 'Or type this key' }).inputValue()).replaceAll(' ', '');
  await page.getByLabel(/six digits/).fill(codeAt(key, new Date()));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByRole('heading', { name: 'Keep these codes' })).toBeVisible();
  const recoveryCodes = await page.getByRole('main').getByRole('listitem').allTextContents();
  return { email, recoveryCodes: recoveryCodes.map((code) => code.trim()) };
}

test('a new owner signs up, turns on the second factor, invites staff, loses the phone and gets in again', async ({
  page,
  house: { app },
  browser,
}) => {
  test.setTimeout(120_000);
  const { email, recoveryCodes } = await begin(page, app.workspace);

  const staff = `${newId()}@staff.example`;
  await page.goto('/dashboard/people/members');
  await page.getByLabel('E-mail').fill(staff);
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(page.getByText(staff)).toBeVisible();
  const context = await browser.newContext({ baseURL: app.url });
  const there = await context.newPage();
  await there.goto(linkIn(await mailTo(app.workspace, staff)));
  await there.getByLabel('Your name').fill('Noor Haddad');
  await there.getByLabel('Password', { exact: true }).fill('two herons by the lock');
  await there.getByRole('checkbox').check();
  await there.getByRole('button', { name: 'Make my account and accept' }).click();
  await signInAs(there, staff, 'two herons by the lock');
  await expect(there).toHaveURL('/dashboard');
  const rail = there.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link');
  await expect(rail).toHaveText(['Today', 'Calls', 'Account']);
  for (const notTheirs of ['/dashboard/people/members', '/dashboard/compliance', '/dashboard/greeting', '/admin'])
    expect((await there.goto(notTheirs))?.status(), notTheirs).toBe(403);
  await context.close();

  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await expect(page).toHaveURL('/sign-in');
  await signInAs(page, email);
  await page.getByRole('link', { name: 'I do not have my phone' }).click();
  await page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard');
  await page.goto('/account/security');
  await expect(page.getByText('You have 9 recovery codes left')).toBeVisible();
});

test.describe('an attacker', () => {
  test.use({ expectedComplaint: /status of 40[34]/ });

  test('with the password, an old cookie, a neighbour’s ids and a hundred requests at once gets nothing', async ({
    page,
    house: { app, owner },
    business,
    browser,
  }) => {
    test.setTimeout(120_000);
    const { email } = await begin(page, app.workspace);
    const stolen = (await page.context().cookies()).filter(({ name }) => name === sessionCookieName(app.url));
    expect(stolen).toHaveLength(1);

    // The password alone leads to the code and no further, however the address is written.
    const context = await browser.newContext({ baseURL: app.url });
    const there = await context.newPage();
    await signInAs(there, email);
    await expect(there).toHaveURL('/two-factor');
    for (const closed of ['/dashboard', '/account/security', '/admin']) {
      await there.goto(closed);
      await expect(there).toHaveURL(/\/sign-in/);
    }

    // The cookie ends with its session.
    await page.goto('/account');
    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
    await expect(page).toHaveURL('/sign-in');
    await context.addCookies(stolen);
    await there.goto('/dashboard');
    await expect(there).toHaveURL(/\/sign-in/);
    await context.close();

    // A neighbour's call is not there, and a hundred requests at once do not find it either.
    const call = await makeCall(owner, business.id);
    const neighbour = await browser.newContext({ baseURL: app.url });
    const beside = await neighbour.newPage();
    await begin(beside, app.workspace);
    expect((await beside.goto(`/dashboard/calls/${call.id}`))?.status()).toBe(404);
    const cookie = (await neighbour.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => fetch(`${app.url}/dashboard/calls/${call.id}`, { headers: { cookie } })),
    );
    // A busy machine may not get round to all of them in time (500); none is let through.
    expect(answers.map(({ status }) => status).filter((status) => status !== 404 && status !== 500)).toEqual([]);
    for (const answer of answers) expect(await answer.text()).not.toMatch(/555\D?0123/);
    await neighbour.close();
  });
});
