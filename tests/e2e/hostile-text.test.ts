/** What strangers say and call themselves is text, whatever it contains. */
import { makeCall } from '@/tests/support/rows';
import { expect, leaves, openCall, test, untilShown } from './house';

const phone = { width: 390, height: 844 };

test('V1.2.1 markup that a caller speaks or is named by is shown as it is, and does nothing', async ({
  page,
  house,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  const opened: string[] = [];
  page.on('dialog', (dialog) => opened.push(dialog.message()));
  const name = '<script>alert("name")</script>';
  const spoken = '<img src=x onerror=alert(1)> {{7*7}} &lt;b&gt; "\'><svg/onload=alert(2)>';
  await makeCall(house.owner, business.id, { callerName: name, wanted: '</title><script>alert(3)</script>' });
  await business.call({ script: leaves(spoken) });
  await page.goto('/dashboard');
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
  await untilShown(page, () => expect(page.getByText(spoken, { exact: true })).toBeVisible({ timeout: 500 }));
  await openCall(page, name);
  await openCall(page, '+1 212 555 0187');
  await expect(page.getByRole('article').getByText(spoken, { exact: true })).toBeVisible();
  expect(opened).toEqual([]);
});

test('a name that turns the direction of writing turns nothing but itself', async ({
  page,
  house,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  const name = '\u202Eecila\u2066 evil';
  await makeCall(house.owner, business.id, { callerName: name });
  await page.goto('/dashboard');
  const isolated = page.getByRole('link', { name }).locator('bdi');
  await expect(isolated).toHaveText(name);
  await expect(isolated).toHaveCSS('unicode-bidi', 'isolate');
});

for (const [what, text] of [
  ['a thousand characters without a space', 'W'.repeat(1000)],
  ['a thousand characters with marks on top of one another', `a${'\u0301'.repeat(999)}`],
  ['a thousand lines', 'x\n'.repeat(1000)],
] as const) {
  test(`${what} fit their place, on the phone too`, async ({ page, house, business, signIn }) => {
    await signIn('business_owner');
    const { id } = await makeCall(house.owner, business.id, { callerName: text, wanted: text });
    await page.setViewportSize(phone);
    for (const address of ['/dashboard', '/dashboard/calls', `/dashboard/calls/${id}`]) {
      await page.goto(address);
      const { scrollWidth, tallest } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        tallest: Math.max(0, ...[...document.querySelectorAll('main li')].map((row) => row.clientHeight)),
      }));
      expect(scrollWidth).toBeLessThanOrEqual(phone.width);
      expect(tallest, 'a row of the list').toBeLessThan(300);
    }
  });
}

test('what a caller said is shown whole, however long it is', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  const long = Array.from({ length: 150 }, (_, n) => `word${n}`).join(' ');
  await business.call({ script: leaves(long) });
  await page.goto('/dashboard');
  await openCall(page, '+1 212 555 0187');
  await untilShown(page, () =>
    expect(page.getByRole('article').getByText(long, { exact: true })).toBeVisible({ timeout: 500 }),
  );
});
