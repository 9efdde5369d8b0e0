/** The process that seals the trail is killed, whenever it happens. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { database } from '@/lib/platform/db';
import { testDatabase } from '@/tests/support/database';
import { killAtRandom } from '@/tests/support/killed-job';
import { makeBusiness, ownerClient } from '@/tests/support/rows';
import { verify, write } from '@/tests/support/trail';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

let written = 0;

test('fault 6: killed at twenty random moments, the run that seals leaves every entry sealed once, in a chain without a fork, and every seal in the store', async () => {
  const { ends } = await killAtRandom({
    job: 'seal-audit',
    owner,
    arrange: async () => {
      for (let n = 0; n < 6; n += 1) await write(20, { businessId: (await makeBusiness(owner)).id });
      written += 120;
    },
    look: async () => {
      const { entries, segments, ...rest } = await verify();
      return { ...rest, entriesLost: written - entries, segmentsTooMany: segments - written / 20 };
    },
  });
  const whole = {
    blanked: 0,
    emptied: 0,
    lost: 0,
    unsealed: 0,
    unstored: 0,
    fault: null,
    entriesLost: 0,
    segmentsTooMany: 0,
  };
  for (const end of ends) expect(end).toEqual(whole);
}, 240_000);
