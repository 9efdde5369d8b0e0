/** Who hears of a call, as each chose, and who sees to an urgent one. */
import { expect, leaves, openCall, rowWith, test, untilShown } from './house';
import { linkIn, mailTo } from './mailbox';

const emergency = [{ press: '4' }, { message: 'My tooth is broken.', after: { press: '#' } }] as const;

test('whoever is told of an urgent call takes it by the link, without signing in, and colleagues see that', async ({
  page,
  browser,
  house,
  business,
  signIn,
}) => {
  const olive = await signIn('business_owner');
  await business.call({ script: emergency });
  const link = linkIn(await mailTo(house.app.workspace, olive.email));
  const stranger = await browser.newContext();
  const telephone = await stranger.newPage();
  await telephone.goto(link);
  await expect(telephone.getByRole('heading', { level: 1 })).toHaveText('An urgent call');
  await expect(telephone.getByRole('main')).toContainText('Somebody called Harbour Dental, and it is urgent');
  await expect(telephone.getByRole('main')).not.toContainText('tooth');
  await page.goto('/dashboard');
  await expect(page.getByRole('button', { name: /^I take it/ })).toBeVisible();
  await telephone.getByRole('button', { name: 'I take it' }).click();
  await expect(telephone.getByRole('heading', { level: 1 })).toHaveText('You take this call');
  await stranger.close();

  await page.reload();
  await expect(page.getByRole('button', { name: /^I take it/ })).toHaveCount(0);
  await expect(page.getByText('Somebody sees to it', { exact: true })).toBeVisible();
  await openCall(page, '+1 212 555 0187');
  await expect(page.getByText('You see to it', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'I cannot see to it' }).click();
  await expect(page.getByText('Nobody sees to it now. It goes round again.', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'I take it' }).click();
  await expect(page.getByText('You see to it. Nobody else is asked.', { exact: true })).toBeVisible();
});

test('a call shows on Today and on its page what became of it', async ({ page, business, signIn }) => {
  await signIn('business_owner');
  await business.call({ script: leaves('I would like my bill.') });
  await page.goto('/dashboard');
  const row = rowWith(page, 'I would like my bill.');
  await untilShown(page, () =>
    expect(row).toContainText('Answered (Done) Saved (Done) Told (Done) Seen (Not yet) Called back (Not yet)', {
      timeout: 500,
    }),
  );
  await openCall(page, '+1 212 555 0187');
  const chain = page.getByRole('list', { name: 'What became of it' });
  await expect(chain).toContainText('By e-mail');
  await expect(page.getByRole('main')).toContainText('Somebody was told by e-mail');
});

test('an owner chooses how long urgent calls wait and in which order they go round', async ({
  page,
  house,
  business,
  signIn,
}) => {
  const staff = await signIn('staff');
  const olive = await signIn('business_owner');
  await page.goto('/dashboard/people/told');
  const order = page.getByRole('list', { name: 'In this order' }).getByRole('listitem');
  await expect(order.first()).toContainText('(you)');
  await order
    .nth(1)
    .getByRole('button', { name: /^Move up/ })
    .click();
  await expect(page.getByText('Moved up.', { exact: true })).toBeVisible();
  await expect(order.nth(1)).toContainText('(you)');
  await page.getByLabel('An urgent call that nobody has seen').selectOption('30');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved. It counts from the next urgent call.')).toBeVisible();
  expect(await house.owner.business.findUnique({ where: { id: business.id } })).toMatchObject({ escalateMinutes: 30 });
  const turns = await house.owner.membership.findMany({ where: { businessId: business.id }, orderBy: { turn: 'asc' } });
  expect(turns.map(({ userId }) => userId)).toEqual([staff.id, olive.id]);
});

test('whoever shows that a telephone is theirs is told by text, and STOP ends that', async ({
  page,
  house,
  business,
  signIn,
}) => {
  const { network } = house.app;
  const telephone = '+14155550187';
  const textsTo = async () => {
    await network.settled();
    return network.texts().filter(({ to }) => to === telephone);
  };
  await signIn('staff');
  await page.goto('/account/told');
  await expect(page.getByLabel('By e-mail')).toHaveValue('urgent');
  await expect(page.getByLabel('By text')).toHaveCount(0);
  await page.getByLabel('Mobile number').fill('(415) 555-0187');
  await page.getByRole('button', { name: 'Text me a code' }).click();
  await expect(page.getByText('We are sending a code there.')).toBeVisible();
  await expect.poll(textsTo).toHaveLength(1);
  const codeIn = async (place: number) => {
    const code = /^\d{6}/.exec((await textsTo())[place]?.body ?? '')?.[0] ?? '';
    house.secrets.add(code);
    return code;
  };
  const old = await codeIn(0);
  await page.getByLabel('Code', { exact: true }).fill(old === '000000' ? '000001' : '000000');
  await page.getByRole('button', { name: 'This is my code' }).click();
  await expect(page.getByText('This is not the code that we sent.')).toBeVisible();
  // What was said of one code is not said of the next.
  await page.getByRole('button', { name: 'Text me another code' }).click();
  await expect(page.getByText('This is not the code that we sent.')).toHaveCount(0);
  await expect.poll(textsTo).toHaveLength(2);
  await page.getByLabel('Code', { exact: true }).fill(await codeIn(1));
  await page.getByRole('button', { name: 'This is my code' }).click();
  await expect(page.getByText('Texts go to +1 415 555 0187.')).toBeVisible();
  await expect(page.getByText('We are sending a code there.')).toHaveCount(0);
  await page.getByLabel('By e-mail').selectOption('nothing');
  await page.getByLabel('By text').selectOption('all');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved. It counts from the next call.')).toBeVisible();

  await business.call({ script: leaves('I would like my bill.') });
  await expect.poll(textsTo).toHaveLength(3);
  expect((await textsTo())[2]?.body).toMatch(/^New message for Harbour Dental from 9:0\d pm: http:\S+$/);
  await page.goto('/dashboard/calls');
  await openCall(page, '+1 212 555 0187');
  await untilShown(page, () => expect(page.getByText('Somebody was told by text')).toBeVisible({ timeout: 500 }));
  await expect(page.getByRole('list', { name: 'What became of it' })).toContainText('By text');

  await network.sendText({ from: telephone, to: business.number, body: 'Stop' });
  await page.goto('/account/told');
  await expect(page.getByText('You replied STOP, so you get no texts.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('Removed. You get no more texts.', { exact: true })).toBeVisible();
});
