import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONGEST_SPOKEN_TEXT, phrases, speakable, timeInWords } from '@/lib/rules/speech';

/** Every fixed sentence, wherever it stands in the object. */
function sentences(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(sentences) : [];
}

test('a voice can read every sentence: whole words, short, ended', () => {
  const { language, ...rest } = phrases.en;
  const all = [
    ...sentences(rest),
    rest.greeting('Ana’s Salon'),
    rest.whisper('', false),
    rest.whisper('Ana’s Salon', true),
  ];
  expect(language).toBe('en-US');
  expect(all.length).toBeGreaterThan(25);
  for (const text of all) {
    expect(text).toMatch(/^[A-Z][A-Za-z0-9 ,.’]*\.$/);
    for (const sentence of text.split('. ')) expect(sentence.split(' ').length).toBeLessThanOrEqual(20);
  }
});

test('every way to end a call says goodbye', () => {
  const { thanks, goodbye, goodbyeWithoutMessage, unknownNumber, notTaken } = phrases.en;
  for (const text of [...Object.values(thanks), goodbye, goodbyeWithoutMessage, unknownNumber, notTaken]) {
    expect(text).toMatch(/Goodbye\.$/);
  }
});

test('times are said as people say them', () => {
  const minutes = [0, 1, 540, 570, 605, 719, 720, 721, 780, 1439, 1440];
  expect(minutes.map(timeInWords)).toEqual([
    'midnight',
    '12:01 am',
    '9 am',
    '9:30 am',
    '10:05 am',
    '11:59 am',
    '12 noon',
    '12:01 pm',
    '1 pm',
    '11:59 pm',
    'midnight',
  ]);
});

test('an owner’s text becomes speakable: no control or broken characters, no endless text, a stop at its end', () => {
  expect(speakable('  Hello\n\tfrom\u0000 the\u202f clinic ')).toBe('Hello from the clinic.');
  expect(speakable('Any questions?')).toBe('Any questions?');
  expect(speakable(' \u0007 ')).toBe('');
  expect(speakable('half \ud83e of a tooth')).toBe('half of a tooth.');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 3000 }), fc.string()), (text) => {
      const spoken = speakable(text);
      expect(spoken.length).toBeLessThanOrEqual(LONGEST_SPOKEN_TEXT + 1);
      expect(spoken).not.toMatch(/[\p{Control}\p{Surrogate}\uFFFE\uFFFF]|\s\s/u);
      expect(speakable(spoken)).toBe(spoken.length > LONGEST_SPOKEN_TEXT ? speakable(spoken) : spoken);
    }),
  );
});
