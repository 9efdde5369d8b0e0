/** Callers who are turned away, and the one tap that says that it was a mistake. */
import { expect, lastSunday, leaves, openCall, rowWith, test } from './house';

const forged = 'TN-Validation-Failed-A';

test('a caller whom somebody blocks is turned away, is listed as spam, and is let in again', async ({
  page,
  business,
  signIn,
}) => {
  await signIn('staff');
  await business.call({ from: '+14155550166', script: leaves('Buy our pills.') });
  await page.goto('/dashboard/calls');
  await openCall(page, '+1 415 555 0166');
  await page.getByRole('button', { name: 'Block this caller' }).click();
  await expect(page.getByText('Blocked. We turn this caller away from now on.').first()).toBeVisible();
  await expect(page.getByText('You have blocked this caller')).toBeVisible();
  await page.getByRole('button', { name: 'Unblock this caller' }).click();
  await expect(page.getByText('Unblocked. We answer this caller again.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('You have blocked this caller')).toBeVisible();

  const { heard, ended } = await business.call({ from: '+14155550166', at: lastSunday(22), script: leaves('Again.') });
  expect([heard, ended.seconds]).toEqual([[], 0]);
  await page.goto('/dashboard/calls?show=spam');
  await expect(rowWith(page, 'You blocked this caller')).toHaveText(/Turned away, 0.s, not charged/);

  await page.getByRole('button', { name: 'Unblock +1 415 555 0166' }).click();
  await expect(page.getByText('Unblocked. We answer this caller again.').first()).toBeVisible();
  const again = await business.call({ from: '+14155550166', at: lastSunday(23), script: leaves('Hello.') });
  expect(again.heard[0]).toBe('Thank you for calling.');
});

test('one tap says that a robot was none, and the notice takes it back', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/calls?show=spam');
  await expect(page.getByRole('heading', { name: 'No spam' })).toBeVisible();
  const from = `${business.number.slice(0, 8)}9876`;
  const { heard } = await business.call({ from, stirVerstat: forged });
  expect(heard).toEqual([]);
  await page.goto('/dashboard');
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText('to call back');

  await page.goto('/dashboard/calls?show=spam');
  const row = rowWith(page, 'Probably a robot');
  await row.getByRole('button', { name: /^Not spam/ }).click();
  await expect(page.getByText('Marked as not spam. This caller is not turned away again.').first()).toBeVisible();
  await expect(row).toHaveCount(0);
  expect((await business.call({ from, stirVerstat: forged, at: lastSunday(22) })).heard).not.toEqual([]);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rowWith(page, 'Probably a robot')).toHaveCount(1);
  await row.getByRole('link').click();
  await expect(page.getByText('This was probably a robot, so it does not wait for you.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Mark as done' })).toHaveCount(0);
});

test('the month says what is used, and what was free', async ({ page, business, house, signIn }) => {
  await signIn('business_owner');
  const at = new Date();
  await business.call({ script: leaves('My tooth hurts.', 60), at });
  await business.call({ script: ['hang up'], at });
  await page.goto('/dashboard/usage');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^[1-3] of 200 minutes used$/);
  await expect(page.getByRole('row', { name: /Nobody said anything/ })).toContainText('1');
  await house.owner.business.update({ where: { id: business.id }, data: { monthlyMinutesLimit: 1 } });
  await page.reload();
  await expect(page.getByText('All of them are used. Every call is still answered')).toBeVisible();
  const { heard } = await business.call({ script: leaves('Hello.') });
  expect(heard.join(' ')).not.toContain('press 2');
});

test('an owner chooses that messages are written down while the caller speaks', async ({
  page,
  business,
  house,
  signIn,
}) => {
  await signIn('business_owner');
  await page.goto('/dashboard/greeting');
  await page.getByLabel('How messages are written down').selectOption('live');
  await page.getByRole('button', { name: 'Save this choice' }).click();
  await expect(page.getByText('Saved. It counts from the next message on.')).toBeVisible();
  const { transcriptSource } = await house.owner.business.findUniqueOrThrow({ where: { id: business.id } });
  expect(transcriptSource).toBe('live');
});
