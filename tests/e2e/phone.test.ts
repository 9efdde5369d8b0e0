/** The phone that the pretend network puts into the browser, with the product at the other end of the line. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, rowWith, test } from './house';

const desk = { width: 1280, height: 800 };
const hand = { width: 390, height: 844 };

async function openPhone(page: Page, url: string, number: string) {
  await page.goto(`${url}/phone`);
  await page.getByLabel('Number to call').fill(number);
  await page.getByLabel('When').fill('Sunday 21:00');
  await page.getByLabel('Read the line’s words aloud').uncheck();
}

const talk = (page: Page) => page.getByRole('log', { name: 'The call' });

test('a message left on the phone waits for the owner', async ({ page, house: { app }, business, signIn }) => {
  await openPhone(page, app.network.url, business.number);
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(talk(page)).toContainText('Thank you for calling.');
  // A key interrupts the line, as on any phone.
  await page.getByRole('button', { name: '1', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText('Recording');
  await page.getByPlaceholder('Leave your message').fill('My tooth hurts since this morning.');
  await page.getByRole('button', { name: 'Say', exact: true }).click();
  await page.getByRole('button', { name: 'Finish' }).click();
  await expect(talk(page)).toContainText('The line hung up.');
  await expect(page.getByRole('listitem').filter({ hasText: 'Afterwards: status' })).toContainText('204');

  await signIn('business_owner');
  await page.goto('/dashboard/calls');
  await expect(rowWith(page, '+1 202 555 0123')).toBeVisible();
});

test('words can be spoken into a menu, and hanging up ends the call', async ({ page, house: { app }, business }) => {
  await openPhone(page, app.network.url, business.number);
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText('Your turn', { timeout: 30_000 });
  await page.getByPlaceholder('Say something').fill('What are your hours?');
  await page.keyboard.press('Enter');
  await expect(talk(page).getByText('What are your hours?')).toBeVisible();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await expect(talk(page)).toContainText('You hung up.');
  await page.getByRole('button', { name: 'Another call' }).click();
  await expect(page.getByRole('status')).toHaveText('Ready to call');
});

test('the keys of the keyboard are the phone’s, and the focus stays on the phone', async ({
  page,
  house,
  business,
}) => {
  await openPhone(page, house.app.network.url, business.number);
  await page.getByRole('button', { name: 'Call', exact: true }).press('Enter');
  await expect(talk(page)).toBeFocused();
  await expect(talk(page)).toContainText('Thank you for calling.');
  await page.keyboard.press('1');
  await expect(talk(page)).toContainText('Pressed 1');
  await expect(page.getByRole('status')).toHaveText('Recording');
  await page.getByPlaceholder('Leave your message').fill('#');
  await page.keyboard.press('Enter');
  await expect(talk(page)).toContainText('The line hung up.');
  await expect(page.getByRole('button', { name: 'Call again' })).toBeFocused();
});

test('whoever hangs up while the line speaks hears no more of it', async ({ page, house, business }) => {
  await openPhone(page, house.app.network.url, business.number);
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(talk(page)).toContainText('Thank you for calling.');
  await page.getByRole('button', { name: 'Hang up' }).click();
  await expect(talk(page)).toContainText(/You hung up\. [1-9] seconds? on the line\./);
  await expect(talk(page)).not.toContainText('In an emergency');
});

test.describe('a network that is away', () => {
  test.use({ expectedComplaint: /ERR_INTERNET_DISCONNECTED/ });

  test('is said where the call is placed and where the text is written, and the text stays', async ({
    page,
    house,
  }) => {
    await openPhone(page, house.app.network.url, '+12025550100');
    await expect(page.getByText('None yet.')).toBeVisible();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await expect(page.getByRole('status')).toContainText('The phone network does not answer.');
    await page.getByPlaceholder('Write a text').fill('Am I booked?');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('The phone network does not answer.');
    await expect(page.getByPlaceholder('Write a text')).toHaveValue('Am I booked?');
  });
});

test.describe('a moment that makes no sense', () => {
  test.use({ expectedComplaint: /status of 400/ });

  test('what cannot be understood is said, and the phone can call again', async ({ page, house }) => {
    await openPhone(page, house.app.network.url, '+12025550100');
    await page.getByLabel('When').fill('soon');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await expect(page.getByRole('status')).toContainText('"soon" is no moment');
    await expect(page.getByRole('button', { name: 'Call again' })).toBeVisible();
  });
});

test('it can be read and used in light and dark, at a desk and in the hand', async ({ page, house, business }) => {
  await openPhone(page, house.app.network.url, business.number);
  const look = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const viewport of [desk, hand]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize(viewport);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target.join(' ')) }))).toEqual(
          [],
        );
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(viewport.width);
      }
    }
  };
  await look();
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText('Your turn', { timeout: 30_000 });
  await look();
});
