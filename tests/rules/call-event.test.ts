import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathOf, placeAt, placeFrom, queryOf, STEPS } from '@/lib/rules/call-address';
import { LONGEST_SPEECH, readCallEvent } from '@/lib/rules/call-event';

const query = (text: string) => new URLSearchParams(text);

test('a place survives its journey through an address', () => {
  const anyPlace = fc.record({
    step: fc.constantFrom(...STEPS),
    attempt: fc.integer({ min: 1, max: 999 }),
    person: fc.nat({ max: 999 }),
    hoursRead: fc.nat({ max: 999 }),
  });
  fc.assert(
    fc.property(anyPlace, (place) => {
      expect(placeFrom(query(queryOf(place)))).toEqual(place);
    }),
  );
  expect(pathOf({ webhook: 'turn', place: placeAt('menu', { attempt: 2, hoursRead: 1 }) })).toBe(
    '/api/twilio/voice/turn?step=menu&attempt=2&hours=1',
  );
});

test('odd numbers in an address count as its start', () => {
  for (const odd of ['attempt=0', 'attempt=-1', 'attempt=1e9', 'attempt=99999', 'person=x', 'hours=', '']) {
    expect(placeFrom(query(`step=menu&${odd}`))).toEqual(placeAt('menu'));
  }
});

test('a step that is none of ours starts the call again', () => {
  for (const text of ['', 'step=', 'step=MENU', 'step=__proto__']) {
    expect(readCallEvent('turn', query(text), { Digits: '1' })).toEqual({ kind: 'rings', verdict: null });
  }
});

test('blank and missing fields are the same', () => {
  const at = placeAt('menu');
  const expected = { kind: 'answers', at, digits: '', speech: '' };
  expect(readCallEvent('turn', query('step=menu'), {})).toEqual(expected);
  expect(readCallEvent('turn', query('step=menu'), { Digits: ' ', SpeechResult: '' })).toEqual(expected);
});

test('odd fields count as unknown', () => {
  const recorded = (fields: Record<string, string>) => readCallEvent('recorded', query('step=message'), fields);
  expect(recorded({ RecordingDuration: '-4', RecordingSid: 'RE1' })).toMatchObject({
    seconds: null,
    hasRecording: true,
  });
  expect(recorded({ RecordingDuration: '12.5' })).toMatchObject({ seconds: null, hasRecording: false });
  const rung = (fields: Record<string, string>) => readCallEvent('dial-result', query('step=duty'), fields);
  expect(rung({ DialBridged: 'TRUE' })).toMatchObject({ bridged: true });
  expect(rung({ DialBridged: 'constructor' })).toMatchObject({ bridged: null });
  expect(rung({})).toMatchObject({ bridged: null });
});

test('what a caller says is kept up to a limit', () => {
  const event = readCallEvent('turn', query('step=menu'), { SpeechResult: 'so '.repeat(5000) });
  expect(event.kind === 'answers' && event.speech.length).toBe(LONGEST_SPEECH);
});

test('the fallback address is read as the address that failed', () => {
  const ErrorUrl = 'https://answer.example/api/twilio/voice/recorded?step=urgent&attempt=1';
  expect(readCallEvent('fallback', query(''), { ErrorUrl, RecordingSid: 'RE1', RecordingDuration: '9' })).toEqual({
    kind: 'recorded',
    at: placeAt('urgent'),
    seconds: 9,
    hasRecording: true,
  });
  for (const odd of ['', 'not an address', 'https://answer.example/api/twilio/voice', 'https://answer.example/']) {
    expect(readCallEvent('fallback', query(''), { ErrorUrl: odd })).toEqual({ kind: 'rings', verdict: null });
  }
});
