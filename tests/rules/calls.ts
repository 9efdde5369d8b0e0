/** Businesses to call, and callers who follow where the answers lead. */

import fc from 'fast-check';
import type { Answer, Business, CallSoFar } from '@/lib/rules/call';
import { type Address, pathOf } from '@/lib/rules/call-address';
import { type CallEvent, readCallEvent } from '@/lib/rules/call-event';
import { callFlow } from '@/lib/rules/call-flow';
import type { Instruction } from '@/lib/rules/instructions';
import { ALWAYS_CLOSED, type Shift, type WeeklyHours } from '@/lib/rules/opening-hours';

const nineToFive: readonly Shift[] = [[540, 1020]];
export const WEEKDAYS_NINE_TO_FIVE: WeeklyHours = {
  ...ALWAYS_CLOSED,
  1: nineToFive,
  2: nineToFive,
  3: nineToFive,
  4: nineToFive,
  5: nineToFive,
};

export const clinic: Business = {
  name: 'Bright Smile Dental',
  number: '+14155550100',
  greeting: '',
  hours: { zone: 'America/New_York', weekly: WEEKDAYS_NINE_TO_FIVE, exceptions: [] },
  duty: [
    { name: 'Ana', number: '+14155550101' },
    { name: 'Ben', number: '+14155550102' },
  ],
  ringWhenOpen: true,
  ringInEmergency: true,
  ringSeconds: 20,
  service: 'full',
  transcripts: 'recording',
};

export const MONDAY_10_AM = new Date('2026-11-23T15:00:00Z');
export const SUNDAY_9_PM = new Date('2026-11-23T02:00:00Z');

export const caller: CallSoFar = {
  caller: { kind: 'number', e164: '+12125550199' },
  taken: false,
  cameBack: false,
};
export const RINGS: CallEvent = { kind: 'rings', verdict: null };

/** The form fields of one request, by Twilio's names. */
export type Fields = Readonly<Record<string, string>>;

/** Places a call and answers each document with the next fields, until the call ends or the fields do. */
export function placeCall(business: Business, now: Date, ...answers: readonly Fields[]): readonly Answer[] {
  const given = [callFlow(business, caller, RINGS, now)];
  for (const fields of answers) {
    const next = given
      .at(-1)
      ?.instructions.map(actionOf)
      .find((address) => address !== null);
    if (!next) throw new Error('The call has ended already.');
    given.push(callFlow(business, caller, arrive(next, fields), now));
  }
  return given;
}

/** The event that a request to an address makes, read as the webhook reads it. */
export function arrive(address: Address, fields: Fields): CallEvent {
  const url = new URL(pathOf(address), 'https://answer.example');
  return readCallEvent(address.webhook, url.searchParams, fields);
}

/** Where an instruction leads, if it leads anywhere. */
export function actionOf(instruction: Instruction): Address | null {
  switch (instruction.verb) {
    case 'gather':
    case 'record':
    case 'dial':
      return instruction.action;
    case 'redirect':
      return instruction.to;
    default:
      return null;
  }
}

/** What is heard in a document, sentence by sentence. */
export function spoken(instructions: readonly Instruction[]): readonly string[] {
  return instructions.flatMap((instruction) => {
    if (instruction.verb === 'say') return [instruction.text];
    return instruction.verb === 'gather' ? instruction.says.map(({ text }) => text) : [];
  });
}

export const verbs = (instructions: readonly Instruction[]) => instructions.map(({ verb }) => verb);

// Anything that could be configured or arrive.

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(''));
const anyNumber = fc.oneof(
  fc.constantFrom('+14155550100', '+12125550199', '+1 415 555 0100', '', 'nobody', '+14155550101', '+14155550102'),
  anyText,
);
const anyShifts = fc.constantFrom<readonly Shift[]>([], nineToFive, [[0, 1440]]);

export const anyBusiness: fc.Arbitrary<Business> = fc.record({
  name: fc.oneof(fc.constant('Bright Smile Dental'), anyText),
  number: fc.constantFrom('+14155550100', '+442079460958'),
  greeting: anyText,
  hours: fc.record({
    zone: fc.constantFrom('America/New_York', 'Europe/Berlin', 'Nowhere/At_All'),
    weekly: anyShifts.map((shifts): WeeklyHours => ({ ...WEEKDAYS_NINE_TO_FIVE, 1: shifts, 7: shifts })),
    exceptions: fc.array(
      fc.record({ date: fc.constantFrom('2026-11-23', 'someday'), shifts: anyShifts, reason: anyText }),
      {
        maxLength: 2,
      },
    ),
  }),
  duty: fc.array(fc.record({ name: anyText, number: anyNumber }), { maxLength: 9 }),
  ringWhenOpen: fc.boolean(),
  ringInEmergency: fc.boolean(),
  ringSeconds: fc.integer({ min: 5, max: 60 }),
  service: fc.constantFrom('full' as const, 'full' as const, 'message_only' as const),
  transcripts: fc.constantFrom('recording' as const, 'live' as const),
});

export const anyCall: fc.Arbitrary<CallSoFar> = fc.record({
  caller: fc.oneof(
    fc.constant({ kind: 'number' as const, e164: '+12125550199' }),
    fc.constant({ kind: 'withheld' as const }),
    fc.record({ kind: fc.constant('other' as const), text: anyText }),
  ),
  taken: fc.boolean(),
  cameBack: fc.boolean(),
});

export const anyNow = fc.constantFrom(MONDAY_10_AM, SUNDAY_9_PM);

/** Fields of any voice request: each may be missing, right, or nonsense. */
export const anyFields: fc.Arbitrary<Fields> = fc
  .record(
    {
      Digits: fc.oneof(fc.constantFrom('1', '2', '3', '4', '', '#', 'hangup', '9'), anyText),
      SpeechResult: fc.oneof(fc.constantFrom('message', 'what are your hours', 'emergency', '', 'banana'), anyText),
      DialBridged: fc.oneof(fc.constantFrom('true', 'false', ''), anyText),
      DialCallStatus: fc.oneof(fc.constantFrom('completed', 'no-answer', 'busy', 'failed'), anyText),
      RecordingUrl: fc.oneof(fc.constantFrom('https://api.twilio.com/RE1', ''), anyText),
      RecordingDuration: fc.oneof(fc.constantFrom('0', '12', ''), anyText),
    },
    { requiredKeys: [] },
  )
  .map((fields) => fields as Fields);
