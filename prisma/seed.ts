/**
 * The sample people and businesses of `npm run demo` and `npm run dev`: a clinic and a plumber, their lines, and somebody
 * in each role. Runs as the tables' owner (DIRECT_URL); does nothing where there is anybody already. Their calls are not
 * made up here: the demo places them through the pretend phone network.
 */
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@/lib/generated/prisma/client';
import { newId, now } from '@/lib/platform/clock';
import { hashPassword } from '@/lib/platform/password';
import { blindIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { TIER_MINUTES } from '@/lib/rules/minutes';
import type { HoursException } from '@/lib/rules/opening-hours';
import { people, type SampleBusiness, samples } from './samples';

export type SeedResult = { readonly seeded: boolean };

/** @param password of all sample people; argon2id is slow on purpose, so it is hashed once. */
export async function seed(directUrl: string, password: string): Promise<SeedResult> {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: directUrl, max: 1 }) });
  try {
    if ((await prisma.user.count()) > 0) return { seeded: false };
    const passwordHash = await hashPassword(password);
    await prisma.$transaction(async (tx) => {
      const businessIds: Record<string, string> = {};
      for (const [key, sample] of Object.entries<SampleBusiness>(samples)) {
        const { number, duty, weeklyHours, ...facts } = sample;
        const id = newId();
        businessIds[key] = id;
        await tx.business.create({
          data: seal('Business', {
            id,
            ...facts,
            contactEmail: 'owner@aftercallpro.test',
            weeklyHours,
            exceptions: [] satisfies HoursException[],
            monthlyMinutesLimit: TIER_MINUTES[sample.tier],
          }),
        });
        await tx.phoneRoute.create({ data: { number, businessId: id } });
        await tx.dutyContact.createMany({
          data: duty.map((contact, position) =>
            seal('DutyContact', { businessId: id, id: newId(), position, ...contact }),
          ),
        });
      }
      for (const { email, name, role, in: memberships } of people) {
        const id = newId();
        await tx.user.create({
          data: {
            ...seal('User', { id, email, name }),
            ...indexColumns('emailIndex', blindIndex('email', email)),
            role,
            dataProcessingConsent: true,
            consentDate: now(),
            credential: { create: { passwordHash } },
          },
        });
        for (const [key, membershipRole] of Object.entries(memberships)) {
          await tx.membership.create({
            data: { userId: id, businessId: businessIds[key] ?? '', role: membershipRole },
          });
        }
      }
    });
    return { seeded: true };
  } finally {
    await prisma.$disconnect();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { DIRECT_URL, DEMO_PASSWORD } = process.env;
  if (!DIRECT_URL || !DEMO_PASSWORD) throw new Error('seed: set DIRECT_URL and DEMO_PASSWORD');
  const { seeded } = await seed(DIRECT_URL, DEMO_PASSWORD);
  console.log(seeded ? 'The sample people and businesses are there.' : 'There is somebody already: nothing to seed.');
}
