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
import { blindIndex, seal } from '@/lib/platform/sealing';
import { TIER_MINUTES } from '@/lib/rules/minutes';
import type { HoursException, WeeklyHours } from '@/lib/rules/opening-hours';

const at = (hour: number, minute = 0) => hour * 60 + minute;
const split: WeeklyHours[1] = [
  [at(8, 30), at(12)],
  [at(13), at(17, 30)],
];
const longDay: WeeklyHours[1] = [[at(7), at(18)]];

/** Numbers from 555-0100 to 555-0199 are kept free for stories like this one (NANPA). */
export const samples = {
  clinic: {
    name: 'Riverside Family Clinic',
    number: '+12125550132',
    zone: 'America/New_York',
    tier: 'pro',
    greeting:
      'Thank you for calling Riverside Family Clinic. If this is a medical emergency, please hang up and dial 911.',
    weeklyHours: { 1: split, 2: split, 3: split, 4: split, 5: [[at(8, 30), at(14)]], 6: [], 7: [] },
    duty: [
      { name: 'Dana at the front desk', phone: '+12125550140' },
      { name: 'Dr. Okafor', phone: '+12125550141' },
    ],
    forwardWhenOpen: true,
    emergencyForwarding: true,
  },
  plumber: {
    name: 'Baxter & Sons Plumbing',
    number: '+13125550177',
    zone: 'America/Chicago',
    tier: 'basic',
    greeting: 'You have reached Baxter and Sons Plumbing. We are out on a job or home for the day.',
    weeklyHours: { 1: longDay, 2: longDay, 3: longDay, 4: longDay, 5: longDay, 6: [[at(8), at(12)]], 7: [] },
    duty: [{ name: 'Joe Baxter', phone: '+13125550178' }],
    forwardWhenOpen: true,
    emergencyForwarding: true,
  },
} as const satisfies Record<string, SampleBusiness>;

type SampleBusiness = {
  name: string;
  number: string;
  zone: string;
  tier: keyof typeof TIER_MINUTES;
  greeting: string;
  weeklyHours: WeeklyHours;
  duty: readonly { name: string; phone: string }[];
  forwardWhenOpen: boolean;
  emergencyForwarding: boolean;
};

const people = [
  { email: 'owner@aftercallpro.test', name: 'Maya Lindqvist', role: 'user', in: { clinic: 'business_owner' } },
  { email: 'staff@aftercallpro.test', name: 'Dana Whitfield', role: 'user', in: { clinic: 'staff' } },
  { email: 'plumber@aftercallpro.test', name: 'Joe Baxter', role: 'user', in: { plumber: 'business_owner' } },
  { email: 'user@aftercallpro.test', name: 'Sam Rivera', role: 'user', in: {} },
  { email: 'admin@aftercallpro.test', name: 'Priya Nair', role: 'admin', in: {} },
] as const;

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
            emailIndex: blindIndex('email', email),
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
