/**
 * A believable month of calls for the sample businesses, to be placed through the pretend phone network: who called, when,
 * and what they did and said. The same day gives the same month.
 */
import { DateTime } from 'luxon';
import pg from 'pg';
import { samples } from '@/prisma/samples';
import type { ClientCall } from '@/simulator/client';
import type { LeaveMessage, People, Script } from '@/simulator/script';

/** What one caller does. Without a `from`, any of the numbers that a business knows. */
type Scene = {
  readonly from?: string;
  readonly script: Script;
  readonly people?: People;
  readonly stirVerstat?: string;
};

const leave = (message: string): LeaveMessage => ({ message, after: { press: '#' } });
const message = (from: string, text: string): Scene => ({ from, script: [{ press: '1' }, leave(text)] });
const spokenMessage = (from: string, text: string): Scene => ({
  from,
  script: [{ say: 'I would like to leave a message' }, leave(text)],
});
const appointment = (from: string, text: string): Scene => ({
  from,
  script: [{ say: 'I need an appointment' }, leave(text)],
});
const urgent = (from: string, text: string): Scene => ({ from, script: [{ press: '4' }, leave(text)] });
const hours: Scene = { script: [{ press: '3' }, 'hang up'] };
const lostHeart: Scene = { script: ['hang up'] };
/** A number that is not the caller’s own, and looks like the clinic’s neighbour. */
const robot: Scene = { from: '+12125550190', script: [], stirVerstat: 'TN-Validation-Failed-A' };
const taken = (number: string): Scene => ({ script: [], people: { [number]: 'press 1' } });

const clinic = {
  closed: [
    message(
      '+12125550103',
      'This is Gordon Pike. I need a refill of my blood pressure pills. The pharmacy needs your word.',
    ),
    spokenMessage(
      '+16465550119',
      'Hello, it is Ruth Adeyemi. I am calling about the results of my blood test. Thank you.',
    ),
    message('+19175550126', 'This is Tom Calloway for my mother, Iris. She has questions about her new prescription.'),
    appointment(
      '+17185550138',
      'My name is Luis Ortega. I need a physical for my new job. Any morning next week is fine.',
    ),
    appointment(
      '+12015550145',
      'Hi, Mei Tanaka here. Could I move my appointment from Monday to Wednesday after four?',
    ),
    message(
      'anonymous',
      'I would rather not say my name. Do you take new patients without insurance? I will call again.',
    ),
    hours,
    hours,
    lostHeart,
  ],
  open: [taken(samples.clinic.duty[0].phone), taken(samples.clinic.duty[0].phone), taken(samples.clinic.duty[1].phone)],
  lastEvening: [
    appointment(
      '+19175550164',
      'This is Hannah Vogel. I would like to see Doctor Okafor next Thursday, in the afternoon.',
    ),
    urgent(
      '+17185550171',
      'This is Peter Novak. My wife has a rash all over after the new medicine. It is getting worse.',
    ),
    message(
      '+12125550158',
      'Hi, this is Elena Marsh. My son has had a fever since last night. Could somebody call me?',
    ),
    robot,
  ],
};

const plumber = {
  closed: [
    message(
      '+13125550103',
      'Hey, this is Karen Doyle on Elm Street. The kitchen sink is backing up again. Please call me.',
    ),
    message('+17735550121', 'This is Ray Fuller. I would like an estimate for a new water heater, fifty gallons.'),
    spokenMessage(
      '+16305550139',
      'It is Nadia Haddad. The invoice from last week shows two visits, but there was only one.',
    ),
    appointment(
      '+18475550150',
      'Joan Keller speaking. I need the outside taps shut off before it freezes. Next week is fine.',
    ),
    hours,
    lostHeart,
  ],
  open: [taken(samples.plumber.duty[0].phone)],
  lastEvening: [
    urgent(
      '+13125550112',
      'A pipe burst in the basement, 42 Grove Lane. Water is coming in fast. Please call right away.',
    ),
    appointment(
      '+17735550144',
      'This is Bill Sutter. The shower drips. Could somebody come on Friday, any time before noon?',
    ),
  ],
};

/** Who calls without leaving more than a number: 555-01xx, which nobody has. */
const strangers = ['+12125550111', '+16465550183', '+13125550190', '+18475550161', 'anonymous'];

/** The month before `now`, oldest first. */
export function sampleMonth(now: Date): readonly ClientCall[] {
  const calls: ClientCall[] = [];
  const businesses = [
    { business: samples.clinic, scenes: clinic, perDay: 4 },
    { business: samples.plumber, scenes: plumber, perDay: 3 },
  ] as const;
  for (const { business, scenes, perDay } of businesses) {
    const draw = draws(business.name.length);
    const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
    const today = DateTime.fromJSDate(now, { zone: business.zone }).startOf('day');
    const place = (at: DateTime, { from = pick(strangers), ...scene }: Scene) =>
      calls.push({ to: business.number, from, at: at.toJSDate(), ...scene });

    for (let daysAgo = 29; daysAgo >= 2; daysAgo -= 1) {
      const day = today.minus({ days: daysAgo });
      const weekday = day.weekday <= 5;
      const count = weekday ? 1 + draw(perDay) : draw(perDay - 1);
      for (let n = 0; n < count; n += 1) {
        const whileOpen = weekday && draw(3) === 0;
        const hour = whileOpen ? 9 + draw(3) : pick([6, 18, 19, 20, 21, 22]);
        place(day.set({ hour, minute: draw(60), second: draw(60) }), pick(whileOpen ? scenes.open : scenes.closed));
      }
    }
    for (const [n, scene] of scenes.lastEvening.entries()) {
      place(today.minus({ days: 1 }).set({ hour: 18 + n, minute: 7 + 13 * n }), scene);
    }
  }
  return calls.filter(({ at = now }) => at < now).toSorted((a, b) => Number(a.at) - Number(b.at));
}

/**
 * Whoever runs the sample businesses has worked through their list: calls before `until` are heard and called back, but
 * for a few of the last ones. Written as the tables' owner, since nobody is signed in for it.
 */
export async function workThroughList(directUrl: string, until: Date): Promise<void> {
  const client = new pg.Client({ connectionString: directUrl });
  await client.connect();
  try {
    await client.query(
      `UPDATE calls c SET
         heard_at = started_at + interval '9 hours', heard_by = m.user_id,
         called_back_at = started_at + interval '10 hours', called_back_by = m.user_id
       FROM memberships m WHERE m.business_id = c.business_id AND m.role = 'business_owner' AND c.started_at < $1`,
      [until],
    );
  } finally {
    await client.end();
  }
}

/** Whole numbers below a bound, the same ones for the same seed (a linear congruential generator; not for secrets). */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
