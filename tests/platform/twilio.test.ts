import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isSignedByTwilio, toTwiml, virtualNow } from '@/lib/platform/twilio';
import { placeAt } from '@/lib/rules/call-address';
import vectors from '@/tests/data/twilio-signature-vectors.json';

type Fields = Record<string, string | string[]>;

describe('a signature', () => {
  test.each(vectors.positive)('is accepted: $name', ({ authToken, url, params, body, expectedSignature }) => {
    const request = { url, signature: expectedSignature, fields: params as Fields, body: body ?? undefined };
    expect(isSignedByTwilio(request, [authToken])).toBe(true);
    expect(isSignedByTwilio(request, ['another token', authToken])).toBe(true);
    expect(isSignedByTwilio(request, ['another token'])).toBe(false);
    expect(isSignedByTwilio(request, [])).toBe(false);
  });

  test.each(vectors.negative)('is refused: $name', (vector) => {
    const {
      authToken,
      url,
      header,
      body,
      params = {},
    } = vector as Record<string, unknown> & typeof vector & { params?: Fields };
    expect(isSignedByTwilio({ url, signature: header, fields: params, body: body ?? undefined }, [authToken])).toBe(
      false,
    );
  });

  test('covers every field: one changed, added or left out is refused', () => {
    const [basic] = vectors.positive;
    const { authToken = '', url = '', expectedSignature: signature = '', params = {} } = basic ?? {};
    const signed = (fields: Fields) => isSignedByTwilio({ url, signature, fields }, [authToken]);
    for (const name of Object.keys(params)) {
      const { [name]: _left, ...rest } = params as Fields;
      expect(signed(rest)).toBe(false);
      expect(signed({ ...rest, [name]: 'changed' })).toBe(false);
    }
    expect(signed({ ...(params as Fields), Added: '1' })).toBe(false);
  });
});

describe('the simulator’s clock', () => {
  const token = process.env.TWILIO_AUTH_TOKEN ?? '';
  const time = '2026-03-01T21:00:00.000Z';
  const claim = (key: string, signature: string) =>
    `${time};${createHmac('sha256', key).update(`${time}|${signature}`).digest('hex')}`;
  afterEach(() => {
    vi.resetModules();
  });

  test('is believed on this machine, for the very request that was signed', () => {
    expect(virtualNow(claim(token, 'sig'), 'sig')).toEqual(new Date(time));
    expect(virtualNow(claim(token, 'sig'), 'another')).toBeNull();
    expect(virtualNow(claim('another token', 'sig'), 'sig')).toBeNull();
    for (const bad of [null, '', time, `${time};`, `${time};00`, `soon;${'0'.repeat(64)}`]) {
      expect(virtualNow(bad, 'sig')).toBeNull();
    }
  });

  test.each([
    ['APP_URL', 'https://app.example.com'],
    ['TWILIO_API_BASE_URL', 'https://api.twilio.com'],
  ])('is not read where %s leads off this machine', async (name, value) => {
    vi.stubEnv(name, value);
    vi.stubEnv('SMTP_URL', 'smtp://mail.example.com');
    vi.stubEnv('MAIL_FROM', 'a@example.com');
    vi.stubEnv('ALERT_EMAIL', 'b@example.com');
    vi.resetModules();
    const fresh = await import('@/lib/platform/twilio');
    expect(fresh.virtualNow(claim(token, 'sig'), 'sig')).toBeNull();
  });
});

test('V1.2.1 instructions become TwiML: speech is escaped, and a recording tells us where it ends up', () => {
  const say = (text: string) => ({ verb: 'say', text, language: 'en-US' }) as const;
  const action = { webhook: 'recorded', place: placeAt('message') } as const;
  const record = {
    verb: 'record',
    action,
    maxLength: 120,
    timeout: 5,
    finishOnKey: '#',
    playBeep: true,
    transcribe: true,
  } as const;
  expect(toTwiml([say('Tom & "Jerry" <b>'), record, { verb: 'hangup' }])).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Response>' +
      '<Say language="en-US">Tom &amp; "Jerry" &lt;b&gt;</Say>' +
      '<Record maxLength="120" timeout="5" finishOnKey="#" playBeep="true" ' +
      'action="/api/twilio/voice/recorded?step=message&amp;attempt=1" recordingStatusCallback="/api/twilio/recording?step=message&amp;attempt=1" ' +
      'transcribe="true" transcribeCallback="/api/twilio/transcription"/>' +
      '<Hangup/></Response>',
  );
});

test('what is written down while the caller speaks is told to an address that Twilio need not resolve', () => {
  const name = 'message';
  expect(
    toTwiml([
      { verb: 'start_transcription', name, language: 'en-US' },
      { verb: 'stop_transcription', name },
    ]),
  ).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Response>' +
      '<Start><Transcription name="message" track="inbound_track" languageCode="en-US" ' +
      'statusCallbackUrl="http://127.0.0.1:3000/api/twilio/transcription"/></Start>' +
      '<Stop><Transcription name="message"/></Stop></Response>',
  );
});
