/** The whole product without a pointer. */
import { makeCall } from '@/tests/support/rows';
import { expect, test } from './house';

test('the first key leads past the navigation, straight to the content', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

for (const address of [
  '/dashboard',
  '/dashboard/calls',
  '/dashboard/hours',
  '/dashboard/people',
  '/dashboard/number',
]) {
  test(`whatever has the focus on ${address} can be seen to have it`, async ({ page, house, business, signIn }) => {
    await signIn('business_owner');
    await makeCall(house.owner, business.id);
    await page.goto(address);
    const seen = new Set<string>();
    for (let stop = 0; stop < 80; stop += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        // A row draws the ring of its link around itself.
        const rings = [getComputedStyle(element), getComputedStyle(element, '::after')];
        return {
          what: element.outerHTML,
          ringed: rings.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && outlineWidth === '2px'),
        };
      });
      if (!focus || seen.has(focus.what)) break;
      seen.add(focus.what);
      expect(focus.ringed, focus.what).toBe(true);
    }
    expect(seen.size).toBeGreaterThan(9);
  });
}

test('what has the focus does not hide behind the bar of the phone', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/dashboard/hours');
  const bar = await page.getByRole('navigation', { name: 'Main, phone' }).boundingBox();
  const next = page.getByRole('button', { name: 'Add hours on Friday' });
  await page.getByRole('button', { name: 'Remove hours: Friday' }).focus();
  await next.evaluate((b) => console.log(b.getBoundingClientRect().bottom));
  // Behind the bar, though within the window: a browser sees no reason to scroll there.
  await next.evaluate((button) => scrollBy(0, button.getBoundingClientRect().bottom - innerHeight + 8));
  await page.keyboard.press('Tab');
  await expect(next).toBeFocused();
  const focused = await next.boundingBox();
  expect((focused?.y ?? 0) + (focused?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
});

test('a call is opened, and marked as done, with keys alone', async ({ page, house, business, signIn }) => {
  await signIn('business_owner');
  await makeCall(house.owner, business.id);
  await page.goto('/dashboard');
  await page.getByRole('link', { name: '+1 415 555 0123', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('+1 415 555 0123');
  await page.getByRole('button', { name: 'Mark as done' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Not done yet' })).toBeVisible();
});

test('the sheet behind More opens and closes with keys, and gives the focus back', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/dashboard');
  const more = page.getByRole('button', { name: 'More' });
  const people = page.getByRole('navigation', { name: 'More' }).getByRole('link', { name: 'People' });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(people).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(people).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(people).toBeHidden();
  await expect(more).toBeFocused();
});
