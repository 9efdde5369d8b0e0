import fc from 'fast-check';
import { expect, test } from 'vitest';
import { previewCall } from '@/lib/rules/preview-call';
import { anyBusiness, anyNow, clinic, MONDAY_10_AM, SUNDAY_9_PM } from './calls';

const told = (...args: Parameters<typeof previewCall>) => previewCall(...args).map(({ when, what }) => [when, ...what]);

test('on Sunday at 9 pm: greeting, menu, and each way from there to its end', () => {
  const steps = told(clinic, SUNDAY_9_PM);
  expect(steps.map(([when]) => when)).toEqual([
    'When somebody calls',
    'If they choose to leave a message',
    'If they choose to book an appointment',
    'If they ask for your hours',
    'If they say it is an emergency',
    'If they say nothing, or nothing we understand',
  ]);
  expect(steps[1]?.slice(-3)).toEqual([
    'They can speak for up to 2 minutes.',
    'They hear: “Thank you. We have your message, and we will get back to you. Goodbye.”',
    'The call ends.',
  ]);
  expect(steps[4]).toContain(
    'We ring Ana for 20 seconds. Ana hears: “An urgent call for Bright Smile Dental. To take it, press 1.”',
  );
});

test('in opening hours the people on duty are rung first, by name', () => {
  expect(told(clinic, MONDAY_10_AM)[0]?.slice(0, 3)).toEqual([
    'When somebody calls',
    'We ring Ana for 20 seconds. Ana hears: “A call for Bright Smile Dental. To take it, press 1.”',
    'We ring Ben for 20 seconds. Ben hears: “A call for Bright Smile Dental. To take it, press 1.”',
  ]);
});

test('past the month’s minutes there is no menu to choose from', () => {
  expect(told({ ...clinic, service: 'message_only' }, MONDAY_10_AM)).toHaveLength(1);
});

test('the owner reads the very words of their greeting', () => {
  expect(told({ ...clinic, greeting: 'Hello from the clinic' }, SUNDAY_9_PM)[0]?.[1]).toBe(
    'They hear: “Hello from the clinic.”',
  );
});

test('every way ends: with the end of the call, or back at the menu', () => {
  fc.assert(
    fc.property(anyBusiness, anyNow, (business, now) => {
      for (const { what } of previewCall(business, now)) {
        expect(['The call ends.', 'They answer by voice or by key.']).toContain(what.at(-1));
      }
    }),
  );
});
