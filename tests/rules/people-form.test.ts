import { describe, expect, test } from 'vitest';
import { parsePeopleForm } from '@/lib/rules/people-form';

const line = { calledNumber: '+12125550132', country: 'US' } as const;
const parse = (fields: Record<string, string>) => parsePeopleForm({ ringSeconds: '20', ...fields }, line);
const person = (n: number, name: string, number: string) => ({
  [`people.${n}.name`]: name,
  [`people.${n}.number`]: number,
});

describe('the form of the duty list', () => {
  test('keeps the order of its rows and leaves out blank ones', () => {
    const { list, errors } = parse({
      ...person(10, 'Ben', '+44 20 7183 8750'),
      ...person(2, ' Ana ', '(212) 555-0140'),
      ...person(3, '', ''),
      ringWhileOpen: 'on',
    });
    expect(errors).toEqual({});
    expect(list).toEqual({
      people: [
        { name: 'Ana', number: '+12125550140' },
        { name: 'Ben', number: '+442071838750' },
      ],
      ringWhileOpen: true,
      emergency: false,
      ringSeconds: 20,
    });
  });

  test.each([
    ['no name', person(0, '', '+12125550140'), 'people.0.name'],
    ['a long name', person(0, 'x'.repeat(81), '+12125550140'), 'people.0.name'],
    ['no number', person(4, 'Ana', ''), 'people.4.number'],
    ['the number of the line', person(0, 'Ana', '212-555-0132'), 'people.0.number'],
    [
      'one number twice',
      { ...person(0, 'Ana', '2125550140'), ...person(1, 'Ben', '+1 212 555 0140') },
      'people.1.number',
    ],
    ['too short a ring', { ringSeconds: '4' }, 'ringSeconds'],
    ['too long a ring', { ringSeconds: '61' }, 'ringSeconds'],
    ['no number of seconds', { ringSeconds: '1e1' }, 'ringSeconds'],
  ])('%s is one error, beside its field', (_, fields, name) => {
    expect(Object.keys(parse(fields as Record<string, string>).errors)).toEqual([name]);
  });

  test('takes twenty people and no more', () => {
    const people = (count: number) =>
      Object.assign({}, ...Array.from({ length: count }, (_, n) => person(n, `P${n}`, `+1212555${1000 + n}`)));
    expect(parse(people(20)).errors).toEqual({});
    expect(Object.keys(parse(people(21)).errors)).toEqual(['people.20.name']);
  });
});
