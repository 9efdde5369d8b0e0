/** Finding a call among many. */
import { makeCall } from '@/tests/support/rows';
import { expect, lastMonday, leaves, rowWith, test } from './house';

test('a number is found as people write it, and no part of it finds anything', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await business.call({ from: '+12125550187', script: leaves('First.') });
  await business.call({ from: '+12125550166', script: leaves('Second.') });
  await page.goto('/dashboard/calls');
  await page.getByText('More ways to find a call').click();
  await page.getByLabel('Find a number').fill('(212) 555-0187');
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page.getByText('Calls from +1 212 555 0187')).toBeVisible();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  expect(page.url(), 'a number in an address ends up in histories and logs').not.toContain('0187');

  await page.getByRole('link', { name: 'Show all calls' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(2);
  await page.getByText('More ways to find a call').click();
  for (const [typed, answer] of [
    ['555 01', 'This is not a whole number.'],
    ['+1 212 555 0199', 'Nobody has called from this number.'],
  ] as const) {
    await page.getByLabel('Find a number').fill(typed);
    await page.getByRole('button', { name: 'Find' }).click();
    await expect(page.getByText(answer)).toBeVisible();
    await expect(page.getByLabel('Find a number')).toHaveValue(typed);
  }
});

test('each filter shows the calls that it names', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await business.call({ from: '+12125550101', script: leaves('A message.') });
  await business.call({ from: '+12125550102', script: ['hang up'] });
  await business.call({
    from: '+12125550103',
    script: [{ press: '4' }, { message: 'Urgent.', after: { press: '#' } }],
  });
  await business.call({ from: '+12125550104', script: [{ press: '3' }, 'hang up'] });
  await page.goto('/dashboard/calls');
  const shown = page.getByRole('main').getByRole('list').getByRole('link');
  const expectCallers = async (choice: string, callers: string[]) => {
    await page.getByRole('link', { name: choice, exact: true }).click();
    await expect(page.getByRole('link', { name: choice, exact: true })).toHaveAttribute('aria-current', 'true');
    await expect(shown).toHaveCount(callers.length);
    for (const caller of callers) await expect(shown.filter({ hasText: caller })).toHaveCount(1);
  };
  await expectCallers('Not listened to', ['0101', '0103']);
  await expectCallers('Urgent', ['0103']);
  await expectCallers('To call back', ['0101', '0102', '0103']);
  await expectCallers('All', ['0101', '0102', '0103', '0104']);
  await page.getByText('More ways to find a call').click();
  await expectCallers('Missed', ['0102']);
  await page.goto('/dashboard/calls?show=urgent&status=missed');
  await expect(page.getByRole('heading', { name: 'No such calls' })).toBeVisible();
});

test('every call is on exactly one page, and the way back leads to where one came from', async ({
  page,
  house,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  const first = lastMonday(9).getTime();
  for (let n = 0; n < 120; n += 1) {
    // In threes at the same moment.
    const startedAt = new Date(first + Math.floor(n / 3) * 60_000);
    await makeCall(house.owner, business.id, { wanted: `Call ${n}.`, startedAt });
  }
  await page.goto('/dashboard/calls');
  const rows = page.getByRole('main').getByRole('listitem');
  const read = async () => (await rows.allInnerTexts()).map((text) => /Call (\d+)\./.exec(text)?.[1]);
  const newest = await read();
  const pages = [newest];
  for (const count of [50, 20]) {
    const [before] = pages.at(-1) ?? [];
    await page.getByRole('link', { name: 'Older' }).click();
    await expect(rowWith(page, `Call ${before}.`)).toHaveCount(0);
    await expect(rows).toHaveCount(count);
    pages.push(await read());
  }
  expect(pages.map(({ length }) => length)).toEqual([50, 50, 20]);
  expect(new Set(pages.flat()).size).toBe(120);
  await expect(page.getByRole('link', { name: 'Older' })).toHaveCount(0);
  for (const count of [50, 50]) {
    const [before] = await read();
    await page.getByRole('link', { name: 'Newer' }).click();
    await expect(rowWith(page, `Call ${before}.`)).toHaveCount(0);
    await expect(rows).toHaveCount(count);
  }
  expect(await read()).toEqual(newest);
});
