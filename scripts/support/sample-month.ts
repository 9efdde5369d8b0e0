/**
 * A believable month of calls for the sample businesses, to be placed through the pretend phone network: who called, when,
 * and what they did and said. The same day gives the same month.
 */
import { DateTime } from 'luxon';
import pg from 'pg';
import { samples } from '@/prisma/samples';
import type { ClientCall } from '@/simulator/client';
import type { LeaveMessage, People, Script } from '@/simulator/script';

type Scene = { readonly script: Script; readonly people?: People };

const leave = (message: string): LeaveMessage => ({ message, after: { press: '#' } });
const message = (text: string): Scene => ({ script: [{ press: '1' }, leave(text)] });
const spokenMessage = (text: string): Scene => ({ script: [{ say: 'I would like to leave a message' }, leave(text)] });
const appointment = (text: string): Scene => ({ script: [{ say: 'I need an appointment' }, leave(text)] });
const urgent = (text: string): Scene => ({ script: [{ press: '4' }, leave(text)] });
const hours: Scene = { script: [{ press: '3' }, 'hang up'] };
const lostHeart: Scene = { script: ['hang up'] };
const taken = (number: string): Scene => ({ script: [], people: { [number]: 'press 1' } });

const clinic = {
  closed: [
    message('Hi, this is Elena Marsh. My son has had a fever since last night. Could somebody call me in the morning?'),
    message(
      'This is Gordon Pike. I need a refill of my blood pressure pills. The pharmacy says they need your approval.',
    ),
    spokenMessage(
      'Hello, it is Ruth Adeyemi. I am calling about the results of my blood test from Tuesday. Thank you.',
    ),
    message('This is Tom Calloway calling for my mother, Iris. She has questions about her new prescription.'),
    appointment('This is Hannah Vogel. I would like to see Doctor Okafor next Thursday, in the afternoon if possible.'),
    appointment('My name is Luis Ortega. I need a physical for my new job. Any morning next week is fine.'),
    appointment('Hi, Mei Tanaka here. Could I move my appointment from Monday to Wednesday after four?'),
    urgent('This is Peter Novak. My wife has a rash all over after the new medicine, and it is getting worse.'),
    hours,
    hours,
    lostHeart,
  ],
  open: [taken(samples.clinic.duty[0].phone), taken(samples.clinic.duty[0].phone), taken(samples.clinic.duty[1].phone)],
};

const plumber = {
  closed: [
    message('Hey, this is Karen Doyle on Elm Street. The kitchen sink is backing up again. Please call me.'),
    message('This is Ray Fuller. I would like an estimate for a new water heater, fifty gallons.'),
    spokenMessage('Hello, it is Nadia Haddad. The invoice from last week shows two visits, but there was only one.'),
    appointment('This is Bill Sutter. The shower drips. Could somebody come on Friday, any time before noon?'),
    appointment('Joan Keller speaking. I need the outside taps shut off before it freezes. Next week is fine.'),
    urgent('A pipe burst in the basement, 42 Grove Lane. Water is coming in fast. Please call right away.'),
    hours,
    lostHeart,
  ],
  open: [taken(samples.plumber.duty[0].phone), taken(samples.plumber.duty[0].phone)],
};

/** Numbers that callers have in such a story: the last two digits of 555-01xx. */
const callers = ['+12125550103', '+12125550111', '+16465550119', '+19175550126', '+17185550138', '+12015550145'];
const plumbersCallers = ['+13125550103', '+13125550112', '+17735550121', '+16305550139', '+18475550150'];

/** The month before `now`, oldest first. */
export function sampleMonth(now: Date): readonly ClientCall[] {
  const calls: ClientCall[] = [];
  const businesses = [
    { business: samples.clinic, scenes: clinic, numbers: callers, perDay: 4 },
    { business: samples.plumber, scenes: plumber, numbers: plumbersCallers, perDay: 3 },
  ] as const;
  for (const { business, scenes, numbers, perDay } of businesses) {
    const draw = draws(business.name.length);
    const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
    for (let daysAgo = 29; daysAgo >= 1; daysAgo -= 1) {
      const day = DateTime.fromJSDate(now, { zone: business.zone }).minus({ days: daysAgo }).startOf('day');
      const weekday = day.weekday <= 5;
      const count = weekday ? 1 + draw(perDay) : draw(perDay - 1);
      for (let n = 0; n < count; n += 1) {
        const whileOpen = weekday && draw(3) === 0;
        const hour = whileOpen ? 9 + draw(3) : pick([6, 18, 19, 20, 21, 22]);
        calls.push({
          to: business.number,
          from: draw(12) === 0 ? 'anonymous' : pick(numbers),
          at: day.set({ hour, minute: draw(60), second: draw(60) }).toJSDate(),
          ...(whileOpen ? pick(scenes.open) : pick(scenes.closed)),
        });
      }
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
