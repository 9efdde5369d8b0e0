import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { samples } from '@/prisma/samples';
import { callThrough } from '@/simulator/client';
import { house, signIn } from '@/tests/support/e2e';

test('a message left after hours waits on the Today page, which everybody can read', async ({ page }) => {
  const { phones, secrets } = house();
  const credentials = { accountSid: secrets.TWILIO_ACCOUNT_SID ?? '', authToken: secrets.TWILIO_AUTH_TOKEN ?? '' };
  const { ended } = await callThrough(phones, credentials, {
    to: samples.clinic.number,
    from: '+12125550166',
    at: new Date('2026-01-04T02:00:00Z'), // a Saturday evening in New York
    script: [{ press: '1' }, { message: 'This is Grace. Please call me about Tuesday.' }],
  });
  expect(ended.how).not.toBe('application error');

  await signIn(page, 'owner');
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByText('Please call me about Tuesday')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
