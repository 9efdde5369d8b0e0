/** What who runs the platform does, in the browser: accounts and businesses, and a look at calls that the owner ends. */
import { makePerson } from '@/tests/support/rows';
import { expect, leaves, test } from './house';

test('an admin breaks the glass, and reads; the owner sees who and why, and ends it', async ({
  page,
  browser,
  house,
  business,
  signIn,
}) => {
  await business.call({ script: leaves('I would like my bill.') });
  await signIn('admin');
  await page.goto('/admin');
  await page.getByRole('main').getByRole('link', { name: 'Businesses' }).click();
  await page.getByLabel('Find a business').fill(business.number);
  await page.getByRole('button', { name: 'Find' }).click();
  const found = page.getByRole('main').getByRole('link', { name: 'Harbour Dental' });
  await expect(found).toHaveCount(1);
  await found.click();

  await page.getByLabel('Reason').fill('because');
  await page.getByRole('button', { name: 'Open the calls' }).click();
  await expect(page.getByText('Write a sentence.')).toBeVisible();
  await page.getByLabel('Reason').fill('The owner asked us to find a lost message.');
  await page.getByRole('button', { name: 'Open the calls' }).click();
  await expect(page).toHaveURL('/dashboard/calls');
  const banner = page.getByRole('region', { name: 'Open for a while' });
  await expect(banner).toContainText('Harbour Dental are open to you for 15 more minutes');
  await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'Recording' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Mark as/ })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Call back' })).toHaveCount(0);

  const owners = await browser.newContext({ baseURL: house.app.url });
  await signIn('business_owner', owners);
  const theirs = await owners.newPage();
  await theirs.goto('/dashboard/compliance');
  const look = theirs.getByRole('listitem').filter({ hasText: 'The owner asked us to find a lost message.' });
  await expect(look).toContainText('Somebody');
  await look.getByText('Opened 1 call').click();
  await expect(look.getByRole('link', { name: /^The call of/ })).toBeVisible();
  await look.getByRole('button', { name: 'End it now' }).click();
  await expect(look).toContainText('You ended it.');
  await owners.close();

  await page.goto('/admin');
  await expect(banner).toHaveCount(0);
});

test.describe('once it is given back', () => {
  test.use({ expectedComplaint: /status of 403/ });

  test('the calls are closed to the admin', async ({ page, business, signIn }) => {
    await signIn('admin');
    await page.goto(`/admin/businesses/${business.id}`);
    await page.getByLabel('Reason').fill('The owner asked us to find a lost message.');
    await page.getByRole('button', { name: 'Open the calls' }).click();
    await page.getByRole('button', { name: 'Give it back' }).click();
    await expect(page).toHaveURL('/admin/businesses');
    expect((await page.goto('/dashboard/calls'))?.status()).toBe(403);
  });
});

test('an admin finds an account by its whole e-mail, suspends it, and takes that back', async ({
  page,
  house,
  signIn,
}) => {
  const person = await makePerson(house.owner);
  await signIn('admin');
  await page.goto('/admin/users');
  await page.getByLabel('Find somebody by e-mail').fill(person.email.toUpperCase());
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page).toHaveURL(`/admin/users/${person.id}`);
  await page.getByRole('button', { name: 'Suspend the account' }).click();
  await expect(page.getByText('Suspended, and signed out everywhere.', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Suspend the account' })).toBeVisible();
  expect(await house.owner.user.findUnique({ where: { id: person.id } })).toMatchObject({ suspendedAt: null });
});
