import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addIntent, type CallIntent, type CallStatus, moveForward, statusFromReport } from '@/lib/rules/call-status';

const STATUSES: readonly CallStatus[] = [
  'ringing',
  'in_progress',
  'failed',
  'missed',
  'rejected',
  'forwarded',
  'completed',
];

test('whatever order reports arrive in, and however often, a call ends up at the same status', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...STATUSES)), fc.array(fc.nat()), (reports, order) => {
      const shuffled = [...reports, ...reports]
        .map((report, i) => ({ report, place: order[i] ?? i }))
        .sort((a, b) => a.place - b.place)
        .map(({ report }) => report);
      expect(shuffled.reduce(moveForward, 'ringing')).toBe(reports.reduce(moveForward, 'ringing'));
    }),
  );
});

test('a status never goes back to an open one', () => {
  for (const final of STATUSES.slice(2)) {
    expect(moveForward(final, 'in_progress')).toBe(final);
    expect(moveForward(final, 'ringing')).toBe(final);
  }
});

const nothing = { messageLeft: false, taken: false, intent: 'none' } as const;

test('a caller who hangs up and leaves nothing is missed, however Twilio calls it', () => {
  for (const reported of ['completed', 'no-answer', 'busy', 'canceled', '', 'something new']) {
    expect(statusFromReport(reported, nothing)).toBe('missed');
  }
  expect(statusFromReport('completed', { ...nothing, intent: 'emergency' })).toBe('missed');
  expect(statusFromReport('failed', nothing)).toBe('failed');
});

test('a message, a talk, or the hours that were asked for make it more than missed', () => {
  expect(statusFromReport('completed', { ...nothing, messageLeft: true, taken: true })).toBe('completed');
  expect(statusFromReport('completed', { ...nothing, taken: true })).toBe('forwarded');
  expect(statusFromReport('completed', { ...nothing, intent: 'hours' })).toBe('completed');
});

test('a report that the call goes on does not end it', () => {
  expect(statusFromReport('ringing', nothing)).toBe('ringing');
  expect(statusFromReport('in-progress', nothing)).toBe('in_progress');
});

test('the end of a rejected call leaves it rejected; a recording that arrives late turns missed into completed', () => {
  expect(moveForward('rejected', statusFromReport('no-answer', nothing))).toBe('rejected');
  expect(moveForward('missed', 'completed')).toBe('completed');
});

test('in whatever order the turns arrive, the caller wanted what says most', () => {
  const intents: CallIntent[] = ['none', 'hours', 'forwarded', 'message', 'appointment', 'emergency'];
  fc.assert(
    fc.property(fc.shuffledSubarray(intents, { minLength: 1 }), (turns) => {
      const most = intents.findLast((intent) => turns.includes(intent));
      expect(turns.reduce(addIntent, 'none')).toBe(most);
    }),
  );
});
