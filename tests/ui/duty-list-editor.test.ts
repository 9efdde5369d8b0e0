import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { DutyListEditor, peopleOfValues } from '@/app/_ui/duty-list-editor';
import { valuesIn } from './form-values';

test('people who are opened and sent without a change come back in their order, also without JavaScript', () => {
  const people = Array.from({ length: 12 }, (_, n) => ({
    name: `Person ${n} <"&'>`,
    number: `+1 415 555 ${1000 + n}`,
  }));
  const html = renderToStaticMarkup(createElement(DutyListEditor, { people }));
  expect(peopleOfValues(valuesIn(html))).toEqual(people);
});

test('a row that was emptied is nobody', () => {
  expect(
    peopleOfValues({
      'people.0.name': '',
      'people.0.number': '',
      'people.1.name': 'Anna',
      'people.1.number': '+14155550132',
    }),
  ).toEqual([{ name: 'Anna', number: '+14155550132' }]);
});
