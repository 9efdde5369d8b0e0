import { expect, test } from './house';

test('V4.1.3 a client cannot say where it comes from', async ({ browser, house }) => {
  const spoofed = { 'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9', Forwarded: 'for=203.0.113.9' };
  const userAgent = 'somewhere else';
  const context = await browser.newContext({ extraHTTPHeaders: spoofed, userAgent });
  const page = await context.newPage();
  await page.goto(`${house.app.url}/sign-in`);
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('We could not sign you in')).toBeVisible();
  await context.close();

  const entries = await house.owner.auditLog.findMany({ where: { userAgent }, select: { ipAddress: true } });
  expect(entries).toEqual([{ ipAddress: '127.0.0.1' }]);
});
