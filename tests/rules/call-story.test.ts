import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeEvent } from '@/lib/rules/call-story';

describe('an event in words', () => {
  test('is a sentence, with the words of the caller where there were any', () => {
    expect(describeEvent({ kind: 'rang_person', detail: { person: 1 }, said: null })).toBe(
      'We rang the second person on your list',
    );
    expect(describeEvent({ kind: 'person_missed_it', detail: { person: 1 }, said: null, name: 'Ana' })).toBe(
      'Not taken by Ana',
    );
    expect(describeEvent({ kind: 'chose', detail: { choice: 'emergency' }, said: 'help' })).toBe(
      'The caller chose emergency: “help”',
    );
    expect(describeEvent({ kind: 'message_left', detail: { as: 'urgent' }, said: null })).toBe(
      'The caller left an urgent message',
    );
  });

  test('of a kind that is not known here is shown by its name', () => {
    expect(describeEvent({ kind: 'text_sent', detail: {}, said: null })).toBe('Text sent');
    expect(describeEvent({ kind: 'constructor', detail: {}, said: null })).toBe('Constructor');
  });

  test('is told whatever its row says of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('greeted', 'rang_person', 'chose', 'message_left', 'asked_for_message'),
        fc.object(),
        (kind, detail) => {
          expect(describeEvent({ kind, detail, said: null })).not.toMatch(/undefined|null|\[object/);
        },
      ),
    );
  });
});
