import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCallerId } from '@/lib/rules/phone-number';
import { isForged, judgeCaller, SHORTEST_CHARGED, whyUncharged } from '@/lib/rules/screening';
import { type TracedEvent, type TracedWords, tracesOf } from '@/lib/rules/traces';

const called = '+12125550132';
const judge = (from: string, more: Partial<Parameters<typeof judgeCaller>[0]> = {}) =>
  judgeCaller({ caller: parseCallerId(from), called, isForged: true, mark: null, earlier: [], ...more });

describe('a caller', () => {
  test.each([
    ['TN-Validation-Failed', true],
    ['TN-Validation-Failed-A', true],
    ['TN-Validation-Failed-C-Diverted', true],
    ['TN-Validation-Passed-C', false],
    ['TN-Validation-Passed-A-Diverted', false],
    ['No-TN-Validation', false],
    ['NULL', false],
    ['', false],
    ['TN-Validation-Failedly', false],
  ])('whose network says %j has a forged number: %s', (stirVerstat, expected) => {
    expect(isForged(stirVerstat)).toBe(expected);
  });

  test.each([
    ['+12125559999', 'looks like a neighbour of the number called'],
    ['+10125550199', 'has an area code that cannot be'],
    ['+14151550199', 'has an exchange that cannot be'],
    ['+1415555019', 'is too short to be one'],
    [called, 'is the number called'],
  ])('with a forged number is a robot when it, %s, %s', (from) => {
    expect(judge(from)).toBe('robot');
    expect(judge(from, { isForged: false })).toBeNull();
  });

  test('with a forged number is a robot after three silent calls and no other', () => {
    expect(judge('+14155550199', { earlier: [true, true] })).toBe('forged');
    expect(judge('+14155550199', { earlier: [true, true, true] })).toBe('robot');
    expect(judge('+14155550199', { earlier: [true, true, true, false] })).toBe('forged');
  });

  test('who once said something is no robot, whatever the number looks like', () => {
    expect(judge('+12125559999', { earlier: [true, false] })).toBe('forged');
  });

  test('is what the business says, whatever else is found', () => {
    expect(judge('+12125559999', { mark: 'welcome' })).toBeNull();
    expect(judge('+14155550199', { mark: 'blocked', isForged: false, earlier: [false] })).toBe('blocked');
  });

  test('is never turned away for a number that is not forged, or for none', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), fc.array(fc.boolean()), (from, forged, earlier) => {
        if (parseCallerId(from).kind !== 'number') expect(judge(from, { isForged: forged, earlier })).toBeNull();
        expect(judge(from, { isForged: false, earlier })).toBeNull();
      }),
    );
    for (const withheld of ['anonymous', '+266696687', '']) expect(judge(withheld)).toBeNull();
  });
});

describe('a call that is over', () => {
  const greeted = [{ kind: 'greeted', detail: { because: 'closed' } }];
  type Words = readonly TracedWords[];
  const why = (events: readonly TracedEvent[], { seconds = 60, urgent = false, words = [] as Words } = {}) =>
    whyUncharged({ ...tracesOf(events, words), seconds, urgent });
  const words = (nothing: TracedWords['nothing']): TracedWords => ({ status: 'completed', nothing });
  const event = (kind: string, detail: object = {}): TracedEvent => ({ kind, detail });

  test('costs nothing where nobody gave a sign, however long it was', () => {
    expect(why(greeted)).toBe('silent');
    expect(
      why([...greeted, event('not_understood', { silent: true }), event('nothing_recorded')], { seconds: 300 }),
    ).toBe('silent');
    expect(why([...greeted, event('forged')])).toBe('robot');
  });

  test.each([
    event('chose', { choice: 'hours', by: 'key' }),
    event('not_understood', { silent: false }),
    event('person_took_it', { person: 0 }),
    event('person_spoke', { person: 0 }),
    event('message_left', { as: 'message' }),
    event('recorded'),
  ])('is charged where there was a sign: $kind', (sign) => {
    expect(why([...greeted, sign])).toBeNull();
    expect(why([...greeted, event('forged'), sign])).toBeNull();
  });

  test('costs nothing under 15 seconds, and is charged from the fifteenth on', () => {
    const sign = [...greeted, event('chose', { choice: 'hours' })];
    expect(why(sign, { seconds: SHORTEST_CHARGED - 1 })).toBe('short');
    expect(why(sign, { seconds: SHORTEST_CHARGED })).toBeNull();
  });

  test('of which we know no more than its end is charged: we do not know that nobody spoke', () => {
    expect(why([event('ended')], { seconds: 90 })).toBeNull();
    expect(why([], { seconds: 0 })).toBeNull();
  });

  test('that was turned away says why', () => {
    expect(why([event('rejected', { because: 'blocked' })])).toBe('blocked');
    expect(why([event('rejected', { because: 'robot' })])).toBe('robot');
    expect(why([event('rejected')])).toBe('robot');
  });

  test('on which another machine spoke is a robot’s, but never an emergency', () => {
    const events = [...greeted, event('chose'), event('message_left'), event('recorded')];
    const machine = [words('machine')];
    expect(why(events, { words: machine })).toBe('robot');
    expect(why(events, { words: machine, urgent: true })).toBeNull();
    expect(tracesOf(events, machine).messageLeft).toBe(false);
    expect(tracesOf(events, [words(null)]).messageLeft).toBe(true);
    expect(tracesOf(events, []).messageLeft).toBe(true);
  });

  test('has its message as long as one of two recordings may be one', () => {
    const two = [event('recorded'), event('recorded')];
    expect(tracesOf(two, [words('machine')])).toMatchObject({ messageLeft: true, isMachine: false });
    expect(tracesOf(two, [words('machine'), words('silence')])).toMatchObject({ messageLeft: false, isMachine: true });
  });

  test('with words that nobody could make out keeps its message, and costs nothing where there was no other sign', () => {
    const events = [...greeted, event('message_left'), event('recorded')];
    const unclear: Words = [{ status: 'failed', nothing: null }];
    expect(tracesOf(events, unclear).messageLeft).toBe(true);
    expect(why(events, { words: unclear })).toBe('silent');
    expect(why([...events, event('chose')], { words: unclear })).toBeNull();
  });

  test('says the same in whatever order its events were written down', () => {
    const events = [...greeted, event('recorded'), event('message_left'), event('chose')];
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(tracesOf(shuffled, [])).toEqual(tracesOf(events, []));
      }),
    );
  });
});
