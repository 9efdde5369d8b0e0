import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasOddFields } from '@/lib/rules/odd-fields';
import captured from '@/tests/simulator/captured-payloads.json';

test('nothing that Twilio has been seen to send is odd', () => {
  const payloads = Object.entries(captured).filter(([, payload]) => typeof payload === 'object');
  expect(payloads.length).toBeGreaterThan(3);
  for (const [name, payload] of payloads) {
    expect([name, hasOddFields(payload as Record<string, string>)]).toEqual([name, false]);
  }
});

test('what is missing or blank is not odd, and neither is a field that decides nothing', () => {
  expect(hasOddFields({})).toBe(false);
  expect(hasOddFields({ CallStatus: '', DialBridged: ' ', RecordingDuration: undefined })).toBe(false);
  fc.assert(fc.property(fc.string(), (text) => !hasOddFields({ CallerName: text, SpeechResult: text, Digits: text })));
});

test.each([
  { CallStatus: 'vibrating' },
  { CallDuration: '-1' },
  { CallDuration: '1e9' },
  { RecordingDuration: 'a while' },
  { RecordingStatus: 'lost' },
  { DialBridged: '1' },
  { DialCallStatus: 'maybe' },
  { TranscriptionStatus: 'in progress' },
])('%o is odd', (fields) => {
  expect(hasOddFields(fields)).toBe(true);
});
