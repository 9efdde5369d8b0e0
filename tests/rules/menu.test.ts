import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Choice, understand } from '@/lib/rules/menu';

const heard = (speech: string) => understand({ digits: '', speech })?.choice ?? null;

const UTTERANCES: readonly (readonly [Choice | null, readonly string[]])[] = [
  [
    'message',
    [
      'message',
      'Leave a message, please.',
      'I’d like to leave a message for Dr. Lee',
      'um message',
      'can you just take a message',
      'Could somebody call me back tomorrow?',
      'one',
      'Option one.',
      'press 1',
      'voicemail',
      'I want to talk to a person',
      'operator',
      'I need to leave a message about my appointment on Friday',
      'I don’t need an appointment, I want to leave a message',
      'It is not an emergency, just a message.',
      'no emergency I just want somebody to call me back',
      'please have someone get back to me about my invoice',
    ],
  ],
  [
    'appointment',
    [
      'appointment',
      'Book an appointment.',
      'I would like to make an appointment for Tuesday at half past three',
      'can I schedule a cleaning next week',
      'I have to reschedule',
      'do you have any openings on Monday morning',
      'Is the doctor available on the 7th?',
      'what time can I come in tomorrow',
      'I need to see Dr. Patel about my knee',
      'could you squeeze me in today',
      'two',
      'number 2 please',
      'I don’t want to leave a message, I want an appointment',
      'is there an opening this afternoon',
      'I’m calling to book a consultation with a lawyer',
      'Can you come by and look at my boiler on Thursday',
    ],
  ],
  [
    'hours',
    [
      'hours',
      'What are your hours?',
      'are you open on Saturday',
      'When do you close today',
      'how late are you there',
      'I don’t know when you open',
      'opening hours please',
      'what days are you there',
      'three',
      'I’d like option three',
    ],
  ],
  [
    'emergency',
    [
      'emergency',
      'This is an emergency!',
      'no it’s an emergency',
      'No, it is an emergency.',
      'it’s urgent',
      'I need the person on call',
      'a pipe burst and the kitchen is flooding',
      'I can smell gas',
      'my son is bleeding and it won’t stop',
      'she can’t breathe',
      'I’m not sure if this is an emergency',
      'not sure, emergency I think',
      'I have an appointment on Monday but this can’t wait',
      'I left a message already and it is urgent',
      'four',
    ],
  ],
  [
    null,
    [
      '',
      '   ',
      'hello?',
      'yes',
      'no',
      'what did you say',
      'one two',
      'five',
      'merci',
      '你好',
      '🦷',
      '<script>alert(1)</script>',
    ],
  ],
];

test.each(UTTERANCES)('a caller who wants %s is understood in their own words', (choice, utterances) => {
  expect(utterances.map((words) => [words, heard(words)])).toEqual(utterances.map((words) => [words, choice]));
});

test('keys mean what the menu says, a key beats words, and other keys mean nothing', () => {
  const keys = ['1', '2', '3', '4', '5', '0', '*', '#', '12', ''];
  expect(keys.map((digits) => understand({ digits, speech: '' })?.choice ?? null)).toEqual([
    'message',
    'appointment',
    'hours',
    'emergency',
    ...Array(6).fill(null),
  ]);
  expect(understand({ digits: '2', speech: 'emergency' })).toEqual({ choice: 'appointment', by: 'key' });
  expect(understand({ digits: '7', speech: 'emergency' })).toEqual({ choice: 'emergency', by: 'speech' });
});

test('the word emergency is heard in the middle of anything that does not deny it', () => {
  const other = fc.constantFrom(
    'well',
    'my',
    'tooth',
    'message',
    'hours',
    'open',
    'yes',
    'book',
    'please',
    'no',
    'the',
  );
  fc.assert(
    fc.property(fc.array(other, { maxLength: 12 }), fc.array(other, { maxLength: 12 }), (before, after) => {
      fc.pre(before.at(-1) !== 'no');
      expect(heard([...before, 'emergency', ...after].join(' '))).toBe('emergency');
    }),
  );
});

test('any text is understood or not, quickly, and never an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1000 }), fc.string(), (speech, digits) => {
      understand({ digits, speech });
    }),
  );
});
