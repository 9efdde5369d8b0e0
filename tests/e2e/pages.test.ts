/** Every page, in light and dark, on a phone and on a desk: nothing for axe to find, nothing that does not fit. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Role } from '@/lib/rules/permissions';
import { makeBlock, makeCall, makeInvitation, makeLiveTranscript, makePerson } from '@/tests/support/rows';
import { expect, leaves, openCall, test, untilShown } from './house';

const desk = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
/** As wide as a page must fit without scrolling sideways (WCAG 2.2, 1.4.10). */
const narrowest = { width: 320, height: 640 };

/** Looks at what the page shows now in each of the four ways, and at whether it fits a narrow screen. */
async function expectGoodLooks(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [desk, phone]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target.join(' ')) }));
      expect(found, `${colorScheme}, ${viewport.width} pixels wide`).toEqual([]);
    }
  }
  await page.setViewportSize(narrowest);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, 'this page scrolls sideways').toBeLessThanOrEqual(narrowest.width);
}

/** Every page of the build, as somebody who may see it. */
const pages: Readonly<Record<string, Role | null>> = {
  '/': null,
  '/sign-in': null,
  '/two-factor': null, // with nobody waiting for a code: back to sign-in; tests/e2e/second-factor.test.ts has it as it is
  '/forgot-password': null,
  '/reset-password': null,
  '/unlock': null,
  '/new-admin': null,
  '/sign-up': null,
  '/confirm-email': null,
  '/change-email': null,
  '/keep-email': null,
  '/invitation': null,
  '/take': null,
  '/too-many-requests': null,
  '/dashboard': 'business_owner',
  '/dashboard/calls': 'business_owner',
  '/dashboard/calls/[id]': 'business_owner',
  '/dashboard/compliance': 'business_owner',
  '/dashboard/greeting': 'business_owner',
  '/dashboard/hours': 'business_owner',
  '/dashboard/number': 'business_owner',
  '/dashboard/people': 'business_owner',
  '/dashboard/people/told': 'business_owner',
  '/dashboard/people/members': 'business_owner',
  '/dashboard/people/members/[id]': 'business_owner',
  '/dashboard/usage': 'business_owner',
  '/confirm-identity': 'user',
  '/account': 'user',
  '/account/security': 'user',
  '/account/told': 'staff',
  '/account/two-factor': 'user',
  '/account/leave': 'staff',
  '/admin': 'admin',
  '/admin/audit': 'admin',
  '/admin/backups': 'admin',
  '/admin/businesses': 'admin',
  '/admin/businesses/[id]': 'admin',
  '/admin/jobs': 'admin',
  '/admin/users': 'admin',
  '/admin/users/[id]': 'admin',
};

test('no page of the build is left out here', () => {
  const routes: Record<string, string> = JSON.parse(readFileSync('.next/app-path-routes-manifest.json', 'utf8'));
  const built = Object.entries(routes).flatMap(([file, route]) => (file.endsWith('/page') ? [route] : []));
  expect(built.filter((route) => !route.startsWith('/_')).toSorted()).toEqual(Object.keys(pages).toSorted());
});

/** The browser reports a status of 400 and more, which this page has by right. */
const refuses = '/too-many-requests';

for (const [address, role] of Object.entries(pages)) {
  test.describe(address, () => {
    test.use({ expectedComplaint: address === refuses ? /status of 429/ : null });
    test(`${address} looks as it should`, async ({ page, house, business, signIn }) => {
      if (role) await signIn(role);
      await house.owner.dutyContact.deleteMany({ where: { businessId: business.id } });
      await business.call({ script: [{ press: '4' }, { message: 'My tooth is broken.', seconds: 2 }] });
      await business.call({ script: leaves('I would like my bill.') });
      const call = await house.owner.call.findFirstOrThrow({ where: { businessId: business.id } });
      const { id: memberId } = await makePerson(house.owner, { member: { businessId: business.id, role: 'staff' } });
      await makeInvitation(house.owner, business.id);
      const id = /^\/(dashboard\/people|admin\/users)\//.test(address)
        ? memberId
        : address.startsWith('/admin/businesses')
          ? business.id
          : call.id;
      await page.goto(address.replace('[id]', id));
      await expect(page).toHaveTitle(/AfterCallPro$/);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expectGoodLooks(page);
    });
  });
}

test('a call with its recording looks as it should, before and after it is done', async ({
  page,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  await business.call({ script: leaves('I would like my bill.') });
  await page.goto('/dashboard/calls');
  await openCall(page, '+1 212 555 0187');
  await untilShown(page, () => expect(page.getByRole('button', { name: 'Play' })).toBeVisible({ timeout: 500 }));
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Mark as done' }).click();
  await expect(page.getByText('Marked as done.', { exact: true })).toBeVisible();
  await expectGoodLooks(page);
});

test('calls that are spam, blocked callers, and words that are unsure look as they should', async ({
  page,
  house,
  business,
  signIn,
}) => {
  await signIn('business_owner');
  await business.call({ from: `${business.number.slice(0, 8)}9876`, stirVerstat: 'TN-Validation-Failed-A' });
  await makeBlock(house.owner, business.id);
  await page.goto('/dashboard/calls?show=spam');
  await expect(page.getByRole('heading', { name: 'Callers you have blocked' })).toBeVisible();
  await expectGoodLooks(page);
  await page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
  await expect(page.getByText('This was probably a robot, so it does not wait for you.')).toBeVisible();
  await expectGoodLooks(page);

  const { id: callId } = await makeCall(house.owner, business.id);
  const parts: [number, string, number][] = [
    [1, 'This is Ann.', 0.9],
    [2, 'My tooth hurts.', 0.3],
  ];
  await makeLiveTranscript(house.owner, business.id, callId, parts);
  await page.goto(`/dashboard/calls/${callId}`);
  await expect(page.getByText('What is underlined was hard to make out')).toBeVisible();
  await expectGoodLooks(page);
});

test('an empty house looks as it should', async ({ page, signIn }) => {
  await signIn('business_owner');
  for (const address of ['/dashboard', '/dashboard/calls', '/dashboard/calls?show=urgent&status=missed']) {
    await page.goto(address);
    await expectGoodLooks(page);
  }
});

test('the hours with mistakes and a preview look as they should', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/hours?at=2026-03-01T21:00');
  await page.getByLabel('Monday: closes').fill('');
  await page.getByRole('button', { name: 'Add a date' }).click();
  await page.getByLabel('Reason for this date').fill('Holiday');
  await page.getByRole('button', { name: 'Save hours' }).click();
  await expect(page.getByLabel('Monday: closes')).toBeFocused();
  await expect(page.getByText('Choose the date.')).toBeVisible();
  await expectGoodLooks(page);
});

test('the duty list with mistakes looks as it should', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.goto('/dashboard/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name of person 1').fill('Ines');
  await page.getByRole('button', { name: 'Save people' }).click();
  await expect(page.getByLabel('Number of Ines')).toBeFocused();
  await expectGoodLooks(page);
});

test('an invitation looks as it should, for somebody new and for somebody who has to sign in', async ({
  page,
  house,
  business,
}) => {
  const { email } = await makePerson(house.owner);
  for (const more of [{}, { email }, { withdrawnAt: new Date() }]) {
    const { token } = await makeInvitation(house.owner, business.id, more);
    await page.goto(`/invitation?token=${token}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/invit/);
    await expectGoodLooks(page);
  }
});

test('the sheet behind More looks as it should', async ({ page, signIn }) => {
  await signIn('business_owner');
  await page.setViewportSize(phone);
  await page.goto('/dashboard');
  await page.getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('navigation', { name: 'More' }).getByRole('link', { name: 'People' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test.describe('pages nobody wants', () => {
  test.use({ expectedComplaint: /status of (403|404|500)|React error #441/ });

  test('what is not there, and what is not theirs, look as they should', async ({ page, signIn }) => {
    await signIn('user');
    for (const address of ['/nowhere', '/dashboard']) {
      await page.goto(address);
      await expectGoodLooks(page);
    }
  });

  test('a page that breaks says so, says nothing about how, and works again when it is mended', async ({
    page,
    house,
    business,
    signIn,
  }) => {
    await signIn('business_owner');
    const { id } = await makeCall(house.owner, business.id, { wanted: 'Please call me back.' });
    const other = await makeCall(house.owner, business.id);
    const call = (which: string) => ({ businessId_id: { businessId: business.id, id: which } });
    const { wanted } = await house.owner.call.findUniqueOrThrow({ where: call(id) });
    // Sealed for another row, it does not open here.
    const foreign = await house.owner.call.findUniqueOrThrow({ where: call(other.id) });
    await house.owner.call.update({ where: call(id), data: { wanted: foreign.wanted } });

    const response = await page.goto(`/dashboard/calls/${id}`);
    expect(response?.status()).toBe(500);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('That did not work');
    await expect(page.getByText('tell us this number')).toBeVisible();
    expect(await page.content()).not.toMatch(/seal|decrypt|\.ts\b|at [A-Z]\w+ \(/);
    await expectGoodLooks(page);

    await house.owner.call.update({ where: call(id), data: { wanted } });
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('article').getByText('Please call me back.')).toBeVisible();
  });
});
