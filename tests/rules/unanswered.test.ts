import { expect, test } from 'vitest';
import { unansweredBy } from '@/lib/rules/unanswered';

const ring = (contactId: string, hour: number, kind: 'person_took_it' | 'person_missed_it') => ({
  contactId,
  kind,
  at: new Date(Date.UTC(2026, 10, 23, hour)),
});

test('who did not answer is named with how often in a row, and when last', () => {
  const rings = [
    ring('ana', 9, 'person_missed_it'),
    ring('ana', 8, 'person_took_it'),
    ring('ana', 11, 'person_missed_it'),
    ring('ana', 7, 'person_missed_it'),
    ring('ben', 10, 'person_missed_it'),
  ];
  expect([...unansweredBy(rings)].toSorted()).toEqual([
    ['ana', { times: 2, last: new Date('2026-11-23T11:00:00Z') }],
    ['ben', { times: 1, last: new Date('2026-11-23T10:00:00Z') }],
  ]);
});

test('who answered the last time is not', () => {
  const rings = [ring('ana', 9, 'person_missed_it'), ring('ana', 10, 'person_took_it')];
  expect([...unansweredBy(rings)]).toEqual([]);
});
