/** What who runs the platform sees of backups: nothing yet, one that they had made, and one that is not as it was written. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { newId } from '@/lib/platform/clock';
import { expect, test, untilShown } from './house';

test.beforeEach(async ({ house: { app, owner } }) => {
  await owner.backup.deleteMany();
  await owner.jobRun.deleteMany({ where: { job: 'backup' } });
  await rm(path.join(app.workspace, '.data/storage/backups'), { recursive: true, force: true });
});

test('with none, the page says that nothing is backed up, and has one made', async ({ page, signIn }) => {
  await signIn('admin');
  await page.goto('/admin/backups');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is backed up');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByRole('main').getByText('A backup has begun.')).toBeVisible();
  await untilShown(page, async () => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Everything is backed up', { timeout: 500 });
  });
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expect(page.getByText('Never')).toBeVisible();
});

test('one that is not as it was written is the loudest thing on the page', async ({ page, house, signIn }) => {
  const madeAt = new Date(Date.now() - 3_600_000);
  const facts = { seconds: 4, bytes: 41_300_000n, rowCount: 120_000n, recordings: 50 };
  await house.owner.backup.create({
    data: { name: '20261122t021700.000z', madeAt, ...facts, checkedAt: new Date(), fault: 'changed' },
  });
  await signIn('admin');
  await page.goto('/admin/backups');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The newest backup cannot be relied on');
  await expect(page.getByRole('main').getByRole('listitem')).toContainText('41.3 MB');
});

test('jobs that wait since a restore go on once the operator lets them', async ({ page, house, signIn }) => {
  const runAt = new Date(Date.now() + 3_600_000);
  await house.owner.job.create({ data: { id: newId(), kind: 'alert', key: newId(), runAt, heldAt: new Date() } });
  await signIn('admin');
  await page.goto('/admin/backups');
  await expect(page.getByRole('heading', { name: '1 job waits since the restore' })).toBeVisible();
  await page.getByRole('button', { name: 'Let them go on' }).click();
  await expect(page.getByText('1 job goes on.', { exact: true })).toBeVisible();
  await expect(page.getByText('since the restore')).toHaveCount(0);
  expect(await house.owner.job.count({ where: { heldAt: { not: null } } })).toBe(0);
});
