import { expect, test } from 'vitest';
import { isSoundForm } from '@/lib/rules/form-body';

const formOf = (...fields: readonly (readonly [string, string])[]) => {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return form;
};
const answer = '{"ok":false,"message":"$undefined","errors":{"name":"Type it."},"values":{"price":"$$5","name":""}}';
const id = '00'.repeat(21);

test.each([
  ['with JavaScript, at first', formOf(['_1_name', '$5'], ['0', '[null,"$K1"]']), true],
  ['with JavaScript, after a mistake', formOf(['_1_name', ''], ['0', `[${answer},"$K1"]`]), true],
  [
    'without JavaScript, at first',
    formOf(
      ['$ACTION_REF_1', ''],
      ['$ACTION_1:0', `{"id":"${id}","bound":"$@1"}`],
      ['$ACTION_1:1', '[null]'],
      ['$ACTION_KEY', 'k1'],
      ['name', '$5'],
    ),
    false,
  ],
  [
    'without JavaScript, after a mistake',
    formOf(
      ['$ACTION_REF_1', ''],
      ['$ACTION_1:0', `{"id":"${id}","bound":"$@1"}`],
      ['$ACTION_1:1', `[${answer}]`],
      ['$ACTION_KEY', 'k1'],
    ),
    false,
  ],
  ['without JavaScript and without an answer', formOf([`$ACTION_ID_${id}`, ''], ['name', 'Ana']), false],
])('a form of ours is taken: %s', (_, form, isFetch) => {
  expect(isSoundForm(form, isFetch)).toBe(true);
});

test.each([
  ['a promise', '["$@1","$K1"]'],
  ['a function', '["$F1","$K1"]'],
  ['a reference', '["$1","$K1"]'],
  ['a reference inside', '[{"values":{"a":"$1:__proto__"}},"$K1"]'],
  ['a stream', '["$R1","$K1"]'],
  ['bytes', '["$A1","$K1"]'],
  ['no fields', '[null,null]'],
  ['three arguments', '[null,"$K1",null]'],
  ['an answer without end', `[${'['.repeat(2_000)}${']'.repeat(2_000)},"$K1"]`],
])('whatever else React could read is refused: %s', (_, call) => {
  expect(isSoundForm(formOf(['0', call]), true)).toBe(false);
});
