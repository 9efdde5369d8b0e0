/** Everything can be done before JavaScript arrives, or where it never does. */
import { hashPassword } from '@/lib/platform/password';
import { makeBusiness, makeCall, makePerson } from '@/tests/support/rows';
import { expect, leaves, openCall, rowWith, test, untilShown } from './house';

test.use({ javaScriptEnabled: false });

test('signing in, refused and then let in, and out again', async ({ page, house, business }) => {
  const password = 'correct horse battery staple';
  const member = { businessId: business.id, role: 'business_owner' as const };
  const { email } = await makePerson(house.owner, { member, passwordHash: await hashPassword(password) });
  await page.goto('/dashboard/calls');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('something else');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('We could not sign you in')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard/calls');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
});

test('working through Today', async ({ page, house, business, signIn }) => {
  await signIn('staff');
  await makeCall(house.owner, business.id, { wanted: 'Please call me back.' });
  await page.goto('/dashboard');
  await page.getByRole('button', { name: /^Mark as done/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nobody is waiting for you');
});

test('hearing a message and saying so', async ({ page, business, signIn }) => {
  await signIn('staff');
  await business.call({ script: leaves('Hello.') });
  await page.goto('/dashboard');
  await openCall(page, '+1 212 555 0187');
  await untilShown(page, () => expect(page.locator('audio[controls]')).toBeVisible({ timeout: 500 }));
  await page.getByRole('button', { name: 'Mark as listened to' }).click();
  await page.getByRole('button', { name: 'Mark as not listened to' }).click();
  await expect(page.getByRole('button', { name: 'Mark as listened to' })).toBeVisible();
});

test('finding a number', async ({ page, house, business, signIn }) => {
  await signIn('staff');
  await makeCall(house.owner, business.id, { callerNumber: '+12125550187' });
  await page.goto('/dashboard/calls');
  await page.getByText('More ways to find a call').click();
  await page.getByLabel('Find a number').fill('12');
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page.getByText('This is not a whole number.')).toBeVisible();
  await expect(page.getByLabel('Find a number')).toHaveValue('12');
  await page.getByLabel('Find a number').fill('212 555 0187');
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page.getByText('Calls from +1 212 555 0187')).toBeVisible();
  await expect(rowWith(page, 'Please call me back.')).toHaveCount(1);
});

test('the greeting, wrong and then right', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/greeting');
  await page.getByLabel('Your greeting').fill('  ');
  await page.getByRole('button', { name: 'Save greeting' }).click();
  await expect(page.getByLabel('Your greeting')).toHaveAccessibleDescription(/^Write what your callers should hear\./);
  await page.getByLabel('Your greeting').fill('Hello from Pier 4.');
  await page.getByRole('button', { name: 'Save greeting' }).click();
  await expect(page.getByText('Saved. The next caller hears it.')).toBeVisible();
  expect((await business.call({ script: leaves('Hello.') })).heard[0]).toBe('Hello from Pier 4.');
});

test('the hours: one more part of a day, one more date, wrong and then right', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/hours');
  await page.getByLabel('Monday, more: opens').fill('18:00');
  await page.getByLabel('Date', { exact: true }).fill('2099-12-24');
  await page.getByLabel('Reason for this date').fill('Christmas Eve');
  await page.getByRole('button', { name: 'Save hours' }).click();
  const opens = page.getByLabel('Monday, part 2: opens');
  const closes = page.getByLabel('Monday, part 2: closes');
  await expect(opens).toHaveValue('18:00');
  await expect(closes).toHaveAccessibleDescription('Say when it closes, or leave both times blank.');
  await expect(page.getByLabel('Reason for 2099-12-24')).toHaveValue('Christmas Eve');
  await closes.fill('20:00');
  await page.getByRole('button', { name: 'Save hours' }).click();
  await expect(page.getByText('Saved. The next call goes by these hours.')).toBeVisible();
  await page.reload();
  await expect(closes).toHaveValue('20:00');
  await expect(page.getByLabel('Reason for 2099-12-24')).toHaveValue('Christmas Eve');

  await page.getByLabel('A call at').fill('2099-12-24T10:00');
  await page.getByRole('button', { name: 'Show what happens' }).click();
  await expect(page.getByText('They hear: “We are closed right now.”')).toBeVisible();
});

test('the duty list: one more person, wrong and then right', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/people');
  await page.getByLabel('Name of person 1').fill('Ines');
  await page.getByLabel('Number of person 1').fill('12');
  await page.getByLabel('Seconds to ring each person').fill('90');
  await page.getByRole('button', { name: 'Save people' }).click();
  await expect(page.getByLabel('Number of Ines')).toHaveValue('12');
  await expect(page.getByLabel('Number of Ines')).toHaveAccessibleDescription(/no telephone number we can ring/);
  await expect(page.getByLabel('Seconds to ring each person')).toHaveValue('90');
  await expect(page.getByLabel('Seconds to ring each person')).toHaveAccessibleDescription(
    /^Choose between 5 and 60 seconds\./,
  );
  await page.getByLabel('Number of Ines').fill('212 555 0145');
  await page.getByLabel('Seconds to ring each person').fill('30');
  await page.getByRole('button', { name: 'Save people' }).click();
  await expect(page.getByText('Saved. The next call rings these people.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Number of Ines')).toHaveValue('+1 212 555 0145');
});

test('the number, wrong and then right', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/number');
  await page.getByLabel('The number your callers dial').fill('123');
  await page.getByRole('button', { name: 'Save number' }).click();
  await expect(page.getByLabel('The number your callers dial')).toHaveValue('123');
  await expect(page.getByLabel('The number your callers dial')).toHaveAccessibleDescription(
    /^This is not a whole number\./,
  );
  await page.getByLabel('The number your callers dial').fill('+1 646 555 0188');
  await page.getByRole('button', { name: 'Save number' }).click();
  await expect(page.getByText('We answer for +1 646 555 0188.')).toBeVisible();
});

test('another business of theirs', async ({ page, house, signIn }) => {
  const { id: userId } = await signIn('business_owner');
  const other = await makeBusiness(house.owner, { name: 'Second Street Dental' });
  await house.owner.membership.create({ data: { userId, businessId: other.id, role: 'staff' } });
  await page.goto('/account');
  await page.getByRole('button', { name: 'Open Second Street Dental' }).click();
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByRole('banner')).toContainText('Second Street Dental');
});
