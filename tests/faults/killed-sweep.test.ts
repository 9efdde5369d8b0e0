/** The process that works off what is due is killed, whenever it happens. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { readOutbox } from '@/lib/platform/mail';
import { testDatabase } from '@/tests/support/database';
import { killAtRandom } from '@/tests/support/killed-job';
import { makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const MAILS = 12;
let mailbox = '';

test('fault 6: killed at twenty random moments, the sweep sends every mail that was wanted, and none again that its mailbox has', async () => {
  const { undisturbed, ends } = await killAtRandom({
    job: 'sweep',
    owner,
    arrange: async () => {
      await owner.job.deleteMany();
      const { id, email } = await makePerson(owner);
      mailbox = email;
      await owner.job.createMany({
        data: Array.from({ length: MAILS }, () => ({
          id: newId(),
          kind: 'account_mail',
          key: newId(),
          payload: { userId: id, mail: 'password_changed' },
          runAt: new Date(Date.now() - 60_000),
        })),
      });
    },
    look: async () => ({
      mails: (await readOutbox()).filter(({ to }) => to === mailbox).length,
      open: await owner.job.count({ where: { doneAt: null } }),
    }),
  });
  expect(undisturbed).toEqual({ mails: MAILS, open: 0 });
  for (const end of ends) expect(end).toEqual(undisturbed);
}, 240_000);
