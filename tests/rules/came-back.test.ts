import { describe, expect, test } from 'vitest';
import { callFlow } from '@/lib/rules/call-flow';
import { cameBack, type Ringing } from '@/lib/rules/came-back';
import { type CallerId, parseCallerId } from '@/lib/rules/phone-number';
import { arrive, caller, clinic, MONDAY_10_AM, placeCall, RINGS, spoken, verbs } from './calls';

const [ana, ben] = clinic.duty.map(({ number }) => number);
const from = (number = '', forwardedFrom = ''): { caller: CallerId; forwardedFrom: string } => ({
  caller: parseCallerId(number),
  forwardedFrom,
});
/** Ana is being rung for this caller. */
const ringingAnaFor = (number: string): Ringing[] => [{ caller: parseCallerId(number), person: 0 }];

describe('our own ringing is known again', () => {
  test.each([
    ['shows the first caller', from('+12125550199'), ringingAnaFor('+12125550199')],
    ['shows the person who forwards it', from(ana), ringingAnaFor('+12125550199')],
    ['says who forwarded it', from('+12125550123', ana), ringingAnaFor('+12125550199')],
    ['shows this line, as we do for a caller without a number', from(clinic.number), ringingAnaFor('anonymous')],
    ['shows this line, whatever is ringing', from(clinic.number), []],
  ])('when it %s', (_, incoming, ringing) => {
    expect(cameBack(clinic, incoming, ringing)).toBe(true);
  });
});

describe('another call is none', () => {
  test.each([
    ['nobody is being rung', from('+12125550199'), []],
    ['somebody is being rung for another caller', from('+12125550123'), ringingAnaFor('+12125550199')],
    ['both callers show no number', from('anonymous'), ringingAnaFor('anonymous')],
    ['another person than the one rung calls', from(ben), ringingAnaFor('+12125550199')],
    ['another person than the one rung forwarded it', from('+12125550123', ben), ringingAnaFor('+12125550199')],
    ['whoever was rung is on the list no more', from('+12125550123'), [{ caller: parseCallerId(''), person: 7 }]],
  ])('where %s', (_, incoming, ringing) => {
    expect(cameBack(clinic, incoming, ringing)).toBe(false);
  });
});

describe('a call that came back', () => {
  const back = { ...caller, cameBack: true };

  test('is answered like any other, and rings nobody: no circle begins', () => {
    const { instructions, facts } = callFlow(clinic, back, RINGS, MONDAY_10_AM);
    expect(verbs(instructions)).toEqual(['say', 'say', 'say', 'gather']);
    expect(facts.events.map(({ kind }) => kind)).toEqual(['came_back', 'greeted', 'notice_played']);
    expect(verbs(placeCall(clinic, MONDAY_10_AM)[0]?.instructions ?? [])).toContain('dial');
  });

  test('rings nobody in an emergency either: the whisper of an urgent call has that word in it', () => {
    const menu = arrive(
      { webhook: 'turn', place: { step: 'menu', attempt: 1, person: 0, hoursRead: 0 } },
      { Digits: '4' },
    );
    const { instructions } = callFlow(clinic, back, menu, MONDAY_10_AM);
    expect(verbs(instructions)).toContain('record');
    expect(verbs(instructions)).not.toContain('dial');
    expect(spoken(instructions).length).toBeGreaterThan(0);
  });
});
