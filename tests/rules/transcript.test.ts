import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUnsure, nothingSaid, type Part, readParts, textOf, withPart, writeParts } from '@/lib/rules/transcript';
import { readTranscriptReport } from '@/lib/rules/transcript-report';

const RE = `RE${'a'.repeat(32)}`;
const GT = `GT${'b'.repeat(32)}`;
const TR = `TR${'c'.repeat(32)}`;

describe('what was made out', () => {
  test.each(['', '   ', '…', '[silence]', '(inaudible)', '[BLANK_AUDIO]', '[beep]', 'Beep.'])('%j is silence', (text) =>
    expect(nothingSaid(text)).toBe('silence'),
  );

  test.each(['[Music]', '(upbeat music)', '♪♪♪', '♪ [music playing] ♪', 'Music.', '*hold music*', 'Music playing'])(
    '%j is music',
    (text) => expect(nothingSaid(text)).toBe('music'),
  );

  test.each([
    'Please leave a message after the tone.',
    'Hi, you have reached Bob. I cannot come to the phone right now. Please leave a message with your name after the beep.',
    'At the tone, please record your message. When you are finished recording, you may hang up or press 1 for more options.',
    'Your call has been forwarded to an automated voice message system.',
    'The person you are trying to reach is not available.',
    'The number you have dialed is not in service.',
    'The mailbox is full and cannot accept any messages at this time. Goodbye.',
  ])('%j is another machine', (text) => expect(nothingSaid(text)).toBe('machine'));

  test.each([
    'My sink leaks. Please call me back.',
    'You told me to leave a message after the tone, so here I am. My name is Ann.',
    'The number you called me from was busy. Please try again after five.',
    'I tried twice and got your answering machine, and the music is awful. [laughter]',
    'Music lessons for my son, please. Call me back.',
    'Silence is golden, but my boiler is not silent at all.',
    'No.',
    '[beep] Hello, this is Ann.',
    'Seven.',
    '123',
    '田中です。',
  ])('%j is a message', (text) => expect(nothingSaid(text)).toBeNull());

  test('is a message where somebody says much, even around an announcement', () => {
    expect(
      nothingSaid(`${'My sink leaks and it is getting worse. '.repeat(12)} please leave a message after the tone`),
    ).toBe(null);
  });

  test('is judged whatever it is, in a moment', () => {
    for (const text of ['('.repeat(100_000), '['.repeat(399), '*'.repeat(399), 'please leave a '.repeat(26)]) {
      const begun = performance.now();
      nothingSaid(text);
      expect(performance.now() - begun).toBeLessThan(100);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect([null, 'silence', 'music', 'machine']).toContain(nothingSaid(text));
      }),
    );
  });
});

describe('the parts of a transcript', () => {
  const anyPart: fc.Arbitrary<Part> = fc.record({
    at: fc.nat({ max: 30 }),
    text: fc.string({ minLength: 1 }),
    confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  const gather = (parts: readonly Part[]) => parts.reduce<readonly Part[]>(withPart, []);
  const numbered = fc.uniqueArray(anyPart, { selector: ({ at }) => at });

  test('stand in the order in which they were said, whatever order they arrive in and however often', () => {
    fc.assert(
      fc.property(
        numbered.chain((parts) =>
          fc.tuple(fc.constant(parts), fc.shuffledSubarray([...parts, ...parts], { minLength: parts.length * 2 })),
        ),
        ([parts, arriving]) => {
          expect(gather(arriving)).toEqual(parts.toSorted((a, b) => a.at - b.at));
        },
      ),
    );
  });

  test('are read as they were written', () => {
    fc.assert(
      fc.property(numbered, (parts) => {
        expect(readParts(writeParts(parts))).toEqual(parts);
      }),
    );
  });

  test('are unsure below a confidence of seven tenths, and not where nobody says', () => {
    const unsure = (confidence: number | null) => isUnsure({ at: 0, text: 'x', confidence });
    expect([unsure(0), unsure(0.69), unsure(0.7), unsure(1), unsure(null)]).toEqual([true, true, false, false, false]);
  });
});

describe('what Twilio tells of a transcript', () => {
  const live = (event: string, more: Record<string, string> = {}) =>
    readTranscriptReport({ TranscriptionSid: GT, TranscriptionEvent: event, ...more });
  const content = (data: string, more: Record<string, string> = {}) =>
    live('transcription-content', { TranscriptionData: data, SequenceId: '3', Final: 'true', ...more });

  test('is read into the same words from either source', () => {
    expect(
      readTranscriptReport({
        RecordingSid: RE,
        TranscriptionSid: TR,
        TranscriptionStatus: 'completed',
        TranscriptionText: 'My sink leaks.',
      }),
    ).toEqual({
      of: { recordingSid: RE },
      parts: [{ at: 0, text: 'My sink leaks.', confidence: null }],
      isOver: true,
      isFailed: false,
      keptSid: TR,
    });
    expect(content('{"transcript":" My sink leaks. ","confidence":0.93}')).toEqual({
      of: { sessionSid: GT },
      parts: [{ at: 3, text: 'My sink leaks.', confidence: 0.93 }],
      isOver: false,
      isFailed: false,
      keptSid: null,
    });
  });

  test('is over when a session stops, and failed when it breaks', () => {
    expect(live('transcription-started')).toMatchObject({ parts: [], isOver: false, isFailed: false });
    expect(live('transcription-stopped')).toMatchObject({ parts: [], isOver: true, isFailed: false });
    expect(live('transcription-error')).toMatchObject({ parts: [], isOver: false, isFailed: true });
    expect(live('transcription-sang')).toMatchObject({ parts: [], isOver: false, isFailed: false });
  });

  test('holds no words that are not final, or that are none', () => {
    const said = '{"transcript":"my sink","confidence":0.9}';
    expect(content(said, { Final: 'false' })?.parts).toEqual([]);
    for (const odd of ['', '{', '[]', 'null', '"text"', '{"transcript":7}', '{"transcript":"  "}']) {
      expect(content(odd)?.parts).toEqual([]);
    }
    for (const confidence of ['"0.9"', '7', '-1', 'null']) {
      expect(content(`{"transcript":"my sink","confidence":${confidence}}`)?.parts).toMatchObject([
        { confidence: null },
      ]);
    }
  });

  test('keeps its words without a place, at the end, each once', () => {
    const parts = ['one', 'two', 'two'].flatMap(
      (word) => content(JSON.stringify({ transcript: word }), { SequenceId: 'soon' })?.parts ?? [],
    );
    expect(textOf(parts.reduce<readonly Part[]>(withPart, []))).toBe('one two');
  });

  test('is nothing where it names neither a recording nor a session', () => {
    for (const fields of [
      {},
      { RecordingSid: 'RE1' },
      { TranscriptionEvent: 'transcription-stopped', TranscriptionSid: TR },
    ]) {
      expect(readTranscriptReport(fields)).toBeNull();
    }
  });
});
