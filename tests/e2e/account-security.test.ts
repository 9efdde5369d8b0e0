/** One's own password and sessions, as somebody at a browser changes them; with JavaScript and without. */
import { newId } from '@/lib/platform/clock';
import { hashPassword } from '@/lib/platform/password';
import { expect, test as house } from './house';

const password = 'nine grey herons';
const fresh = 'a lamp above the weir';

const test = house.extend<{ email: string; elsewhere: string }>({
  /** The browser is signed in as somebody with a password. */
  email: async ({ house: { owner }, signIn }, use) => {
    const { id, email } = await signIn('user');
    await owner.credential.create({ data: { userId: id, passwordHash: await hashPassword(password) } });
    await use(email);
  },
  /** The same person is signed in on a telephone, too. */
  elsewhere: async ({ house: { owner, app }, signIn }, use) => {
    const person = await signIn('user');
    const id = newId();
    const at = new Date();
    await owner.session.create({
      data: {
        id,
        userId: person.id,
        createdAt: at,
        lastSeenAt: at,
        idleSeconds: 3600,
        expiresAt: new Date(at.getTime() + 3_600_000),
        ipAddress: '192.0.2.44',
        userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1',
      },
    });
    await use(id);
    expect((await fetch(`${app.url}/account`, { headers: await app.as(id), redirect: 'manual' })).status).toBe(307);
  },
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the password is changed by who knows it, and a mistake is said beside its field', async ({ page, email }) => {
      await page.goto('/account');
      await page.getByRole('link', { name: 'Security', exact: true }).click();
      await page.getByLabel('Password you have now').fill('something else');
      await page.getByLabel('New password').fill(fresh);
      await page.getByRole('button', { name: 'Change password' }).click();
      await expect(page.getByText('This is not your password.')).toBeVisible();
      await page.getByLabel('Password you have now').fill(password);
      await page.getByLabel('New password').fill('Password1!');
      await page.getByRole('button', { name: 'Change password' }).click();
      await expect(page.getByText(/^This is one of the passwords that are guessed first/)).toBeVisible();
      await page.getByLabel('Password you have now').fill(password);
      await page.getByLabel('New password').fill(fresh);
      await page.getByRole('button', { name: 'Change password' }).click();
      await expect(page.getByText('Your password is changed')).toBeVisible();

      await page.getByRole('button', { name: 'Sign out' }).first().click();
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(fresh);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page).toHaveURL('/account');
    });

    test('V7.5.2 a device is recognised and signed out', async ({ page, elsewhere }) => {
      expect(elsewhere).toBeTruthy();
      await page.goto('/account/security');
      const rows = page.getByRole('main').getByRole('listitem');
      await expect(rows).toHaveCount(2);
      await expect(rows.first()).toContainText('This is where you are');
      await expect(rows.last()).toContainText('Safari on iPhone');
      await expect(rows.last()).toContainText('192.0.2.44');
      await page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click();
      await expect(rows).toHaveCount(1);
    });

    test('all other devices are signed out together', async ({ page, elsewhere }) => {
      expect(elsewhere).toBeTruthy();
      await page.goto('/account/security');
      await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
      await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
    });
  });
}

test('the meter judges while one types, and sends nothing', async ({ page, email }) => {
  expect(email).toBeTruthy();
  await page.goto('/account/security');
  const field = page.getByLabel('New password');
  await expect(page.getByRole('button', { name: 'Show password' })).toBeVisible();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await field.fill('Password1!');
  await expect(page.getByText(/^Not yet\. This is one of the passwords/)).toBeVisible();
  await field.fill(fresh);
  await expect(page.getByText('Strong.', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(field).toHaveAttribute('type', 'text');
  await expect(field).toHaveValue(fresh);
  expect(sent).toEqual([]);
});
