/** The corner of the page that whoever develops here looks into. */
import { startApplication } from '@/tests/support/application';
import { expect, leaves, test, untilShown } from './house';

test('the mail that tells an owner of a call is in the outbox on every page, and a phone to call with', async ({
  page,
  house,
  business,
  signIn,
}) => {
  const { email } = await signIn('business_owner');
  await business.call({ script: leaves('Hello.') });
  const corner = page.getByRole('complementary', { name: 'This machine only' });
  for (const address of ['/', '/dashboard']) {
    await page.goto(address);
    await untilShown(page, async () => {
      await corner.getByText('in the outbox').click();
      await expect(corner.getByRole('listitem').filter({ hasText: email })).toBeVisible({ timeout: 500 });
    });
  }
  await expect(corner.getByText('npm run call')).toBeVisible();
  await expect(corner.getByRole('link', { name: 'Open the phone' })).toHaveAttribute(
    'href',
    `${house.app.network.url}/phone`,
  );
  await corner.getByText('Somebody left a message for Harbour Dental').first().click();
  await expect(corner.getByRole('link', { name: /\/dashboard\/calls\// }).first()).toBeVisible();
});

test('it leaves the bar of the phone alone', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/dashboard');
  const corner = await page.getByRole('complementary', { name: 'This machine only' }).boundingBox();
  const bar = await page.getByRole('navigation', { name: 'Main, phone' }).boundingBox();
  if (!corner || !bar) throw new Error('one of the two is not shown');
  expect(corner.y + corner.height).toBeLessThanOrEqual(bar.y);
});

test('where mail is sent there is no outbox to look into', async ({ page, house, signIn }) => {
  await signIn('business_owner');
  await page.goto('/');
  await expect(page.getByText('in the outbox')).toBeVisible();
  expect(house.app.url).toContain('127.0.0.1');

  const sending = await startApplication({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'phone@example.com' });
  try {
    await page.goto(sending.url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText('in the outbox')).toHaveCount(0);
  } finally {
    await sending.stop();
  }
});
