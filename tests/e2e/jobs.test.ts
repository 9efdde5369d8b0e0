import { newId } from '@/lib/platform/clock';
import { expect, test } from './house';

test('an admin starts a job by hand, sees how it went, and has given up jobs tried again', async ({
  page,
  house,
  signIn,
}) => {
  const key = newId();
  const alert = { kind: 'alert', payload: { alert: 'job_dead', reference: newId() } };
  await house.owner.job.create({
    data: { id: newId(), key, ...alert, runAt: new Date(), deadAt: new Date(), attempts: 8, lastError: 'MailError' },
  });
  await signIn('admin');
  await page.goto('/admin/jobs');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('given up');

  await page.getByRole('button', { name: 'Start now: watch' }).click();
  await expect(
    page.getByText('It has begun. How it went stands here; look again in a moment.', { exact: true }),
  ).toBeVisible();
  const watch = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'watch' }) });
  await expect(async () => {
    await page.reload();
    await expect(watch.getByText('Done', { exact: true })).toBeVisible({ timeout: 500 });
  }).toPass();

  await page.getByRole('button', { name: 'Try again: alert' }).click();
  await expect(page.getByText('1 job is being tried again.', { exact: true })).toBeVisible();
  await expect.poll(async () => (await house.owner.job.findFirst({ where: { key } }))?.doneAt).not.toBeNull();
  const done = [
    { action: 'job.start', resourceId: 'watch' },
    { action: 'job.retry', resourceId: 'alert' },
  ];
  expect(await house.owner.auditLog.count({ where: { OR: done } })).toBe(2);
});
