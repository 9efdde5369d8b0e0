import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { HoursEditor } from '@/app/_ui/hours-editor';
import { fieldsOfHours, fieldsOfValues } from '@/app/_ui/hours-fields';
import { ALWAYS_CLOSED, type OpeningHours, type Shift } from '@/lib/rules/opening-hours';
import { valuesIn } from './form-values';

const minute = fc.integer({ min: 0, max: 1439 });
const shift: fc.Arbitrary<Shift> = fc
  .tuple(minute, fc.integer({ min: 1, max: 1440 }))
  .filter(([opens, closes]) => opens < closes);
const shifts = fc.array(shift, { maxLength: 12 });
const exception = fc.record({
  date: fc
    .date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10)),
  reason: fc.constantFrom('', 'Christmas Day', '"quoted" & <b>', 'عيد'),
  shifts,
});
const hours: fc.Arbitrary<OpeningHours> = fc.record({
  zone: fc.constant('Europe/Berlin'),
  weekly: fc.record({ 1: shifts, 2: shifts, 3: shifts, 4: shifts, 5: shifts, 6: shifts, 7: shifts }),
  exceptions: fc.array(exception, { maxLength: 12 }),
});

test('hours that are opened and sent without a change come back as they were, also without JavaScript', () => {
  fc.assert(
    fc.property(hours, (before) => {
      const html = renderToStaticMarkup(createElement(HoursEditor, { hours: before }));
      expect(fieldsOfValues(valuesIn(html))).toEqual(fieldsOfHours(before));
    }),
    { numRuns: 30 },
  );
});

test('the end of the day is shown as 00:00, which a time input can hold', () => {
  const late: OpeningHours = { zone: 'UTC', weekly: { ...ALWAYS_CLOSED, 5: [[1080, 1440]] }, exceptions: [] };
  expect(fieldsOfHours(late).weekly[5]).toEqual([{ opens: '18:00', closes: '00:00' }]);
});
