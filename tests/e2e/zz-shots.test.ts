import { makeMobile, makePerson } from '@/tests/support/rows';
import { seal } from '@/lib/platform/sealing';
import { newId } from '@/lib/platform/clock';
import { leaves, openCall, test, untilShown, expect } from './house';
import { linkIn, mailTo } from './mailbox';

test.describe.configure({ timeout: 200_000 });
test('shots', async ({ page, house, business, signIn }) => {
  const dir = '/tmp/told-shots';
  const shoot = async (name: string) => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [w, h] of [[390, 844], [1280, 800]] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width: w, height: h });
        await page.screenshot({ path: `${dir}/${name}-${w}-${colorScheme}.png`, fullPage: true });
      }
  };
  const olive = await signIn('business_owner');
  await house.owner.user.update({ where: { id: olive.id }, data: { name: seal('User', { id: olive.id, name: 'Olive Marsh' }).name } });
  for (const name of ['Sam Okafor', 'Kim Lindqvist']) {
    const p = await makePerson(house.owner, { member: { businessId: business.id, role: 'staff' } });
    await house.owner.user.update({ where: { id: p.id }, data: { name: seal('User', { id: p.id, name }).name } });
  }
  await business.call({ script: [{ press: '4' }, { message: 'My tooth is broken and it hurts.', seconds: 4, after: { press: '#' } }] });
  await business.call({ from: '+12125550166', script: leaves('I would like my bill, please.') });
  const link = linkIn(await mailTo(house.app.workspace, olive.email));
  await page.goto('/account/told');
  await shoot('account-none');
  await page.getByLabel('Mobile number').fill('(415) 555-0187');
  await page.getByRole('button', { name: 'Text me a code' }).click();
  await expect(page.getByLabel('Code', { exact: true })).toBeVisible();
  await shoot('account-code');
  await makeMobile(house.owner, olive.id, '+14155550187');
  await page.reload();
  await shoot('account-number');
  await page.goto('/dashboard/people/told');
  await shoot('people');
  await page.goto('/dashboard');
  await untilShown(page, () => expect(page.getByText('Told').first()).toBeVisible({ timeout: 500 }));
  await shoot('today');
  await page.goto(link.includes('take') ? link : '/take?token=x');
  await shoot('take');
  if (link.includes('take')) {
    await page.getByRole('button', { name: 'I take it' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You take this call');
    await shoot('taken');
  }
  await page.goto('/dashboard/calls');
  await openCall(page, '+1 212 555 0187');
  await shoot('call');
});
