/** A message on its way: from the caller to the list in the morning, to the owner's ear, and off the list. */
import { expect, leaves, openCall, rowWith, test, untilShown } from './house';

const words = 'This is Alice Moreno. My daughter has an earache.';

test('a message stands on Today until an owner has heard it and called back', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await business.call({ script: leaves(words) });
  await page.goto('/dashboard');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('1 message nobody has listened to');
  // The words arrive after the call.
  await untilShown(page, () => expect(rowWith(page, words)).toBeVisible({ timeout: 500 }));
  await expect(rowWith(page, words)).toContainText('Nobody has listened to this yet');

  await openCall(page, '+1 212 555 0187');
  await expect(page.getByText(words)).toHaveCount(2); // beside, in the list, and below the recording
  await untilShown(page, () => expect(page.getByRole('button', { name: 'Play' })).toBeVisible({ timeout: 500 }));
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(page.getByText('Marked as listened to.', { exact: true })).toBeVisible();
  const played = await page.locator('audio').evaluate((audio: HTMLAudioElement) => ({
    ended: audio.ended,
    length: audio.duration,
    position: audio.currentTime,
  }));
  expect(played).toEqual({ ended: true, length: 2, position: 2 });
  await expect(page.getByText('Nobody has listened to this yet')).toHaveCount(0);

  await page.getByRole('main').getByRole('button', { name: 'Mark as done' }).click();
  await expect(page.getByText('Marked as done.', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Back on the list of calls to return.', { exact: true })).toBeVisible();
  await page.goto('/dashboard');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('1 person to call back');

  await rowWith(page, words)
    .getByRole('button', { name: /^Mark as done/ })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nobody is waiting for you');
  await expect(rowWith(page, words)).toHaveCount(0);
});

test('what was marked as done on Today comes back with Undo', async ({ page, business, signIn }) => {
  await signIn('staff');
  await business.call({ script: leaves(words) });
  await page.goto('/dashboard');
  await page.getByRole('button', { name: /^Mark as done/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nobody is waiting for you');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('1 message nobody has listened to');
});

test('an urgent call stands first, in its own list, whatever came before it', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await business.call({ script: leaves('I would like my bill.') });
  await business.call({
    from: '+12125550166',
    script: [{ press: '4' }, { message: 'My tooth is broken.', after: { press: '#' } }],
  });
  await page.goto('/dashboard');
  await expect(page.getByText('1 urgent')).toBeVisible();
  const links = page.getByRole('main').getByRole('link', { name: /^\+1/ });
  await expect(links).toHaveText(['+1 212 555 0166', '+1 212 555 0187']);
  await expect(page.getByRole('list', { name: 'Urgent calls' }).getByRole('listitem')).toHaveCount(1);
  await expect(page.locator('a, button').filter({ hasText: 'Call back' }).first()).toHaveAttribute(
    'href',
    'tel:+12125550166',
  );
});

test('a caller who withheld the number can be marked as done, and nobody is told to call them', async ({
  page,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  await business.call({ from: 'anonymous', script: leaves('Please open the back door.') });
  await page.goto('/dashboard');
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Number withheld' });
  await expect(row).toContainText('No number to call');
  await expect(row.getByRole('link', { name: 'Call back' })).toHaveCount(0);
  await row.getByRole('button', { name: 'Mark as done: number withheld' }).click();
  await expect(row).toHaveCount(0);
});
