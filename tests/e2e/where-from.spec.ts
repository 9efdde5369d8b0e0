import { expect, test } from '@playwright/test';
import pg from 'pg';
import { house } from '@/tests/support/e2e';

test('a client cannot say where it comes from', async ({ browser }) => {
  const spoofed = { 'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9', Forwarded: 'for=203.0.113.9' };
  const context = await browser.newContext({ extraHTTPHeaders: spoofed, userAgent: 'somewhere-else' });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill('nobody@aftercallpro.test');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('We could not sign you in')).toBeVisible();
  await context.close();

  const client = new pg.Client({ connectionString: house().owner });
  await client.connect();
  const { rows } = await client.query(`SELECT DISTINCT ip_address FROM audit_logs WHERE user_agent = 'somewhere-else'`);
  await client.end();
  expect(rows).toEqual([{ ip_address: '127.0.0.1' }]);
});
