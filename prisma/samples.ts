/** The sample businesses and people of the demo and of development. Facts alone: read before there is a database client. */
import type { TIER_MINUTES } from '@/lib/rules/minutes';
import type { WeeklyHours } from '@/lib/rules/opening-hours';

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

export type SampleBusiness = {
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

export const people = [
  { email: 'owner@aftercallpro.test', name: 'Maya Lindqvist', role: 'user', in: { clinic: 'business_owner' } },
  { email: 'staff@aftercallpro.test', name: 'Dana Whitfield', role: 'user', in: { clinic: 'staff' } },
  { email: 'plumber@aftercallpro.test', name: 'Joe Baxter', role: 'user', in: { plumber: 'business_owner' } },
  { email: 'user@aftercallpro.test', name: 'Sam Rivera', role: 'user', in: {} },
  { email: 'admin@aftercallpro.test', name: 'Priya Nair', role: 'admin', in: {} },
] as const;
