/** An owner changes how the phone is answered, and the next call is answered so. */
import { expect, lastMonday, lastSunday, leaves, test } from './house';

test('the next caller hears the greeting that an owner has just saved', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/greeting');
  await page.getByLabel('Your greeting').fill('You have reached Harbour Dental. Our new rooms are on Pier 4.');
  await page.getByRole('button', { name: 'Save greeting' }).click();
  await expect(page.getByText('Saved. The next caller hears it.')).toBeVisible();

  const { heard } = await business.call({ script: leaves('Hello.') });
  expect(heard[0]).toBe('You have reached Harbour Dental. Our new rooms are on Pier 4.');
});

test('the next call is answered as open or closed by the hours that an owner has just saved', async ({
  page,
  house,
  business,
  signIn,
}) => {
  await house.owner.business.update({ where: { id: business.id }, data: { greeting: 'Harbour Dental.' } });
  await signIn('business_owner');
  await page.goto('/dashboard/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name of person 1').fill('Ines');
  await page.getByLabel('Number of Ines').fill('+1 212 555 0145');
  await page.getByRole('button', { name: 'Save people' }).click();
  await expect(page.getByText('Saved. The next call rings these people.')).toBeVisible();

  const dialled = async (at: Date) =>
    (await business.call({ at, script: ['hang up'] })).events.some(({ type }) => type === 'dialled');
  expect([await dialled(lastMonday(10)), await dialled(lastSunday(10))]).toEqual([true, false]);

  await page.goto('/dashboard/hours');
  await page.getByRole('button', { name: 'Remove hours: Monday' }).click();
  await page.getByRole('button', { name: 'Open on Sunday' }).click();
  await page.getByLabel('Sunday: opens').fill('09:00');
  await page.getByLabel('Sunday: closes').fill('12:00');
  await page.getByRole('button', { name: 'Save hours' }).click();
  await expect(page.getByText('Saved. The next call goes by these hours.')).toBeVisible();

  expect([await dialled(lastMonday(10)), await dialled(lastSunday(10))]).toEqual([false, true]);
  await page.reload();
  await expect(page.getByLabel('Sunday: closes')).toHaveValue('12:00');
  await expect(page.getByRole('group', { name: 'Monday' })).toContainText('Closed');
});

test('a day that differs counts before the week', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/hours');
  await page.getByRole('button', { name: 'Add a date' }).click();
  await page.getByLabel('Date', { exact: true }).fill('2099-12-25');
  await page.getByLabel('Reason for 2099-12-25').fill('Christmas Day');
  await page.getByRole('button', { name: 'Save hours' }).click();
  await expect(page.getByText('Saved. The next call goes by these hours.')).toBeVisible();

  const { heard } = await business.call({ at: new Date('2099-12-24T23:00:00Z'), script: [{ press: '3' }, 'hang up'] });
  expect(heard.join(' ')).toContain('Tomorrow, Christmas Day, we are closed.');
});

test('people on duty are rung in the order in which an owner put them, and told what the call is', async ({
  page,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  await page.goto('/dashboard/people');
  for (const [n, name, number] of [
    [1, 'Ines', '+1 212 555 0145'],
    [2, 'Omar', '+1 212 555 0146'],
  ] as const) {
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel(`Name of person ${n}`).fill(name);
    await page.getByLabel(`Number of ${name}`).fill(number);
  }
  await page.getByRole('button', { name: 'Ring Omar earlier' }).click();
  await page.getByRole('button', { name: 'Save people' }).click();
  await expect(page.getByText('Saved. The next call rings these people.')).toBeVisible();

  const { events } = await business.call({ at: lastMonday(10), people: { '+12125550145': 'press 1' } });
  const rung = events.flatMap((event) => (event.type === 'dialled' ? [event.number] : []));
  expect(rung).toEqual(['+12125550146', '+12125550145']);
  const whispered = events.flatMap((event) =>
    event.type === 'heard' && event.by === '+12125550145' ? [event.text] : [],
  );
  expect(whispered.join(' ')).toContain('A call for Harbour Dental. To take it, press 1.');
  expect(events.map(({ type }) => type)).toContain('connected');

  await page.goto('/dashboard/calls');
  await expect(page.getByRole('main').getByRole('listitem').first()).toContainText('Put through');
});

test('callers reach a business under the number that an owner has just saved, and no longer under the old one', async ({
  page,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  await page.goto('/dashboard/number');
  await page.getByLabel('The number your callers dial').fill('(646) 555-0199');
  await page.getByRole('button', { name: 'Save number' }).click();
  await expect(page.getByText('We answer for +1 646 555 0199.')).toBeVisible();

  const { heard } = await business.call({ to: '+16465550199', script: leaves('Hello.') });
  expect(heard[0]).toBe('Thank you for calling.');
  const old = await business.call({});
  expect(old.heard.join(' ')).toContain('this number is not in service');
});

test('the preview says what a caller then hears', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/hours');
  await page.getByLabel('A call at').fill('2026-03-01T21:00');
  await page.getByRole('button', { name: 'Show what happens' }).click();
  const preview = page.getByRole('region', { name: 'What would happen to a call?' });
  await expect(preview.getByText('They hear: “We are closed right now.”')).toBeVisible();
  const told = await preview.getByRole('listitem').allInnerTexts();

  const { heard } = await business.call({ at: new Date('2026-03-02T02:00:00Z'), script: ['hang up'] });
  expect(heard.length).toBeGreaterThan(3);
  for (const sentence of heard) expect(told.join(' ')).toContain(sentence);
});
