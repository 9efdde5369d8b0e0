import { expect, test } from 'vitest';
import { callBackLink, callerText, isVisible } from '@/app/_ui/caller';
import { clockTime, duration, exactTime, timeAgo } from '@/app/_ui/times';
import { outcomeWords } from '@/app/_ui/words';

const at = new Date('2026-03-29T00:30:00Z');

test('an exact time says the day, the time in the business’s zone, and the zone', () => {
  expect(plain(exactTime(at, 'America/Los_Angeles'))).toBe('Saturday 28 March 2026, 5:30 pm, Los Angeles time');
  expect(plain(exactTime(at, 'UTC'))).toBe('Sunday 29 March 2026, 12:30 am, UTC');
});

test('a time is right on both sides of a clock change', () => {
  expect(plain(clockTime(at, 'Europe/Berlin'))).toBe('1:30 am');
  expect(plain(clockTime(new Date('2026-03-29T01:30:00Z'), 'Europe/Berlin'))).toBe('3:30 am');
});

test.each([
  [30, 'just now'],
  [12 * 60, '12 min ago'],
  [5 * 3600, '5 h ago'],
  [26 * 3600, '1 day ago'],
  [3 * 86_400, '3 days ago'],
  [30 * 86_400, 'Sun 29 Mar 2026'],
  [-60, 'just now'],
])('%i seconds later it was %s', (seconds, words) => {
  expect(timeAgo(at, new Date(at.getTime() + seconds * 1000), 'UTC')).toBe(words);
});

test('a duration has its units and no place where a line could break inside them', () => {
  expect([0, 59, 60, 72].map(duration)).toEqual(['0\u00a0s', '59\u00a0s', '1\u00a0min', '1\u00a0min 12\u00a0s']);
});

test('whoever left nothing after the tone is not said to have left a message', () => {
  expect(outcomeWords({ intent: 'message', status: 'completed' })).toBe('Left a message');
  expect(outcomeWords({ intent: 'message', status: 'missed' })).toBe('Left no message');
  expect(outcomeWords({ intent: 'none', status: 'rejected' })).toBe('Was not let through');
});

test('only a telephone number can be called back', () => {
  expect(callBackLink({ name: null, number: '+14155550132' })).toBe('tel:+14155550132');
  for (const number of [null, 'sip:ana@example.com', 'javascript:alert(1)', '+1;ext=1', 'anonymous']) {
    expect(callBackLink({ name: null, number })).toBeNull();
  }
});

test('a caller without a name that can be seen is called by the number, or said to be withheld', () => {
  expect(['', ' ', '\u200b\u200d', null].map(isVisible)).toEqual([false, false, false, false]);
  expect(callerText({ name: '\u200b', number: '+14155550132' })).toBe('+1 415 555 0132');
  expect(callerText({ name: null, number: null })).toBe('number withheld');
  expect(callerText({ name: '李', number: null })).toBe('李');
});

/** Intl sets narrow spaces between a time and its am or pm. */
function plain(text: string): string {
  return text.replace(/\s/g, ' ');
}
