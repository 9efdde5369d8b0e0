import { expect, test } from 'vitest';
import type { Script } from '@/simulator/script';
import captured from './captured-payloads.json';
import { ACCOUNT, CALLER, CLINIC, type Replies, startLine, voice } from './line';

const AT = new Date('2026-03-01T21:00:00Z');

/** One call by a scripted caller to a line with these answers. */
async function call(replies: Replies, script: Script = [], people = {}) {
  const { simulator, received } = await startLine(replies);
  const done = await simulator.placeCall({ to: CLINIC, from: CALLER, at: AT, script, people });
  return { ...done, received, asked: (path: string) => received.filter((one) => one.path === path) };
}

test('a document is heard from top to bottom, and its end hangs up', async () => {
  const { heard, ended } = await call({
    [voice]: '<Say>Good <break/> evening.</Say><Pause length="2"/><Play loop="2">/hold.wav</Play>',
  });
  expect(heard).toEqual([
    'Good evening.',
    expect.stringMatching(/hold\.wav\)$/),
    expect.stringMatching(/hold\.wav\)$/),
  ]);
  expect(ended).toMatchObject({ how: 'document ended', status: 'completed' });
});

test('what follows a hang-up or a redirect is never heard', async () => {
  const { heard, ended } = await call({
    [voice]: '<Say>One.</Say><Redirect>voice/turn?step=bye</Redirect><Say>Never.</Say>',
    '/api/twilio/voice/turn': '<Say>Two.</Say><Hangup/><Say>Never.</Say>',
  });
  expect(heard).toEqual(['One.', 'Two.']);
  expect(ended.how).toBe('line hung up');
});

test('speech takes time by its length and nothing really waits', async () => {
  const { events, ended } = await call({ [voice]: `<Say>${'a'.repeat(150)}</Say><Pause length="3600"/>` });
  expect(ended.seconds).toBe(10 + 3600);
  expect(events.at(-1)?.at).toBe('2026-03-01T22:00:10.000Z');
});

test('a pause before anything else keeps the phone ringing, uncharged', async () => {
  const { ended } = await call({ [voice]: '<Pause length="5"/><Say>Hello there.</Say>' });
  expect(ended.seconds).toBe(1);
});

test('a rejected call is never answered, and busy means busy', async () => {
  const rejected = await call({ [voice]: '<Reject/>' });
  expect(rejected.ended).toEqual({ how: 'rejected', status: 'no-answer', seconds: 0 });
  const busy = await call({ [voice]: '<Reject reason="busy"/>' });
  expect(busy.ended.status).toBe('busy');
  expect(busy.asked('/api/twilio/voice/status')[0]?.parameters).toMatchObject({
    CallStatus: 'busy',
    CallDuration: '0',
  });
});

test('a hang-up as the first verb still answers', async () => {
  const { ended } = await call({ [voice]: '<Hangup/>' });
  expect(ended.status).toBe('completed');
});

const MENU =
  '<Gather input="dtmf speech" numDigits="1" action="/turn?step=menu"><Say>Press 1.</Say></Gather><Say>Nothing.</Say>';

test('a key goes to the action, whose document replaces the rest', async () => {
  const { heard, asked } = await call({ [voice]: MENU, '/turn': '<Say>You pressed.</Say>' }, [{ press: '1' }]);
  expect(heard).toEqual(['Press 1.', 'You pressed.']);
  expect(asked('/turn')[0]?.parameters).toMatchObject({ Digits: '1', FinishedOnKey: '', msg: 'Gather End' });
  expect(asked('/turn')[0]?.url).toMatch(/\/turn\?step=menu$/);
});

test('words go to the action with a confidence', async () => {
  const { asked } = await call({ [voice]: MENU }, [{ say: 'an appointment please' }]);
  const { SpeechResult, Confidence, Digits } = asked('/turn')[0]?.parameters ?? {};
  expect(SpeechResult).toBe('an appointment please');
  expect(Number(Confidence)).toBeGreaterThan(0.5);
  expect(Digits).toBeUndefined();
});

test('silence falls through to the next verb after the timeout', async () => {
  const { heard, asked, ended } = await call({ [voice]: '<Gather timeout="7" action="/turn"/><Say>Nothing.</Say>' });
  expect(heard).toEqual(['Nothing.']);
  expect(asked('/turn')).toEqual([]);
  expect(ended.seconds).toBe(7 + 1);
});

test('silence goes to the action where an empty result is wanted', async () => {
  const { asked } = await call({ [voice]: '<Gather actionOnEmptyResult="true" action="/turn"/>' });
  expect(asked('/turn')).toHaveLength(1);
  expect(asked('/turn')[0]?.parameters).not.toHaveProperty('Digits');
});

test('words said to a line that listens for keys alone are not heard, nor keys where it listens for words', async () => {
  const words = await call({ [voice]: '<Gather action="/turn"/><Say>Nothing.</Say>' }, [{ say: 'hello' }]);
  expect(words.heard).toEqual(['Nothing.']);
  const keys = await call({ [voice]: '<Gather input="speech" action="/turn"/><Say>Nothing.</Say>' }, [{ press: '1' }]);
  expect(keys.heard).toEqual(['Nothing.']);
});

test.each([
  ['the finishing key ends the digits and is not one of them', '', '12#3', { Digits: '12', FinishedOnKey: '#' }],
  ['enough digits end them', 'numDigits="2"', '123', { Digits: '12', FinishedOnKey: '' }],
  ['without a finishing key every key counts', 'finishOnKey=""', '1#', { Digits: '1#', FinishedOnKey: '' }],
])('%s', async (_, attributes, press, expected) => {
  const { asked } = await call({ [voice]: `<Gather ${attributes} action="/turn"/>` }, [{ press }]);
  expect(asked('/turn')[0]?.parameters).toMatchObject(expected);
});

test('the finishing key alone is no answer', async () => {
  const { heard } = await call({ [voice]: '<Gather action="/turn"/><Say>Nothing.</Say>' }, [{ press: '#' }]);
  expect(heard).toEqual(['Nothing.']);
});

test('a gather without an action asks its own document again', async () => {
  let times = 0;
  const { heard } = await call({ [voice]: () => (times++ === 0 ? '<Gather/>' : '<Say>Again.</Say>') }, [
    { press: '1' },
  ]);
  expect(heard).toEqual(['Again.']);
});

test('a get action carries its parameters in the address', async () => {
  const { asked } = await call({ [voice]: '<Gather method="GET" action="/turn?step=2"/>' }, [{ press: '1' }]);
  expect(asked('/turn')[0]).toMatchObject({ method: 'GET', parameters: { step: '2', Digits: '1', To: CLINIC } });
});

test('a caller who hangs up hears no more and nothing is asked', async () => {
  const { heard, asked, ended } = await call({ [voice]: MENU }, ['hang up']);
  expect(heard).toEqual(['Press 1.']);
  expect(asked('/turn')).toEqual([]);
  expect(ended).toMatchObject({ how: 'caller hung up', status: 'completed' });
});

const RECORD = '<Record action="/recorded" finishOnKey="#" maxLength="60" timeout="4"/><Say>Never.</Say>';

test('a message ends with its key, and the action says what comes next', async () => {
  const { heard, recordings, asked } = await call({ [voice]: RECORD, '/recorded': '<Say>Goodbye.</Say>' }, [
    { say: 'My tooth hurts.', seconds: 6 },
    { press: '1' },
    { press: '#' },
  ]);
  expect(heard).toEqual(['(beep)', 'Goodbye.']);
  expect(recordings).toEqual([{ sid: expect.stringMatching(/^RE[\da-f]{32}$/), seconds: 6, words: 'My tooth hurts.' }]);
  expect(asked('/recorded')[0]?.parameters).toMatchObject({
    Digits: '#',
    RecordingDuration: '6',
    RecordingSid: recordings[0]?.sid,
    RecordingUrl: expect.stringMatching(/\/Recordings\/RE[\da-f]{32}$/),
  });
});

test('a message ends with silence', async () => {
  const { asked, heard } = await call({ [voice]: RECORD, '/recorded': '<Say>Goodbye.</Say>' }, [
    { say: 'Call me.', seconds: 3 },
  ]);
  expect(asked('/recorded')[0]?.parameters).not.toHaveProperty('Digits');
  expect(heard).toEqual(['(beep)', 'Goodbye.']);
});

test('a message ends when it is as long as it may be', async () => {
  const { recordings } = await call({ [voice]: RECORD }, [{ say: 'a long story', seconds: 90 }]);
  expect(recordings[0]?.seconds).toBe(60);
});

test('a caller who hangs up after the message is reported, and what the action answers is not heard', async () => {
  const { heard, asked, ended } = await call({ [voice]: RECORD, '/recorded': '<Say>Goodbye.</Say>' }, [
    { message: 'Call me.' },
  ]);
  expect(asked('/recorded')[0]?.parameters).toMatchObject({ Digits: 'hangup', CallStatus: 'completed' });
  expect(heard).toEqual(['(beep)']);
  expect(ended.how).toBe('caller hung up');
});

test('a message waits for the beep, whatever is asked before it', async () => {
  const { recordings } = await call({ [voice]: `${MENU}${RECORD}` }, [{ message: 'Call me.', after: { press: '#' } }]);
  expect(recordings[0]?.words).toBe('Call me.');
});

test('a caller who hangs up at the beep leaves no recording behind', async () => {
  const { recordings, asked } = await call(
    {
      [voice]:
        '<Record action="/recorded" recordingStatusCallback="/r" recordingStatusCallbackEvent="completed absent"/>',
    },
    ['hang up'],
  );
  expect(recordings[0]?.seconds).toBe(0);
  expect(asked('/recorded')[0]?.parameters).toMatchObject({ RecordingDuration: '0', Digits: 'hangup' });
  expect(asked('/r')[0]?.parameters).toMatchObject({ RecordingStatus: 'absent' });
});

const ANNE = '+12025550201';
const BEN = '+12025550202';
const DIAL = `<Dial answerOnBridge="true" timeout="20" action="/dialled"><Number url="/whisper">${ANNE}</Number></Dial>`;
const WHISPER = '<Gather numDigits="1" action="/taken"><Say>Press 1 to take the call.</Say></Gather><Hangup/>';
const TAKEN = '<Say>Connecting.</Say>';

test('a person on duty who presses 1 is connected, and only then the caller is answered', async () => {
  const { heard, events, asked, ended } = await call(
    { [voice]: DIAL, '/whisper': WHISPER, '/taken': TAKEN, '/dialled': '<Hangup/>' },
    [],
    { [ANNE]: 'press 1' },
  );
  const types = events.map((event) => event.type + ('by' in event ? ` ${event.by}` : ''));
  expect(types.indexOf('answered caller')).toBeGreaterThan(types.indexOf(`did ${ANNE}`));
  expect(heard).toEqual([]);
  const dialled = asked('/dialled')[0]?.parameters ?? {};
  expect(dialled).toMatchObject({ DialCallStatus: 'completed', DialBridged: 'true', CallStatus: 'in-progress' });
  expect(Number(dialled.DialCallDuration)).toBe(ended.seconds);
  expect(asked('/whisper')[0]?.parameters).toMatchObject({
    To: ANNE,
    From: CALLER,
    Direction: 'outbound-dial',
    ParentCallSid: asked(voice)[0]?.parameters.CallSid,
    CallSid: dialled.DialCallSid,
  });
});

test.each([
  ['says nothing', 'say nothing', 'no-answer'],
  ['is busy', 'busy', 'busy'],
  ['does not answer', 'no answer', 'no-answer'],
])('when the person on duty %s the caller is still unanswered and the action goes on', async (_, person, status) => {
  const { heard, asked } = await call(
    { [voice]: DIAL, '/whisper': WHISPER, '/taken': TAKEN, '/dialled': '<Say>Nobody is free.</Say>' },
    [],
    { [ANNE]: person },
  );
  expect(asked('/dialled')[0]?.parameters).toMatchObject({
    DialCallStatus: status,
    DialBridged: 'false',
    CallStatus: 'ringing',
  });
  expect(heard).toEqual(['Nobody is free.']);
});

test('nobody rings longer than the timeout and five seconds', async () => {
  const { events } = await call({ [voice]: `<Say>Hold.</Say><Dial timeout="20">${ANNE}</Dial>` });
  const missed = events.find((event) => event.type === 'not reached');
  expect(missed?.at).toBe('2026-03-01T21:00:26.000Z');
});

test('when several phones ring, one that does not take the call leaves it to another', async () => {
  const { events, asked } = await call(
    {
      [voice]: `<Dial action="/dialled"><Number url="/whisper">${ANNE}</Number><Number url="/whisper">${BEN}</Number></Dial>`,
      '/whisper': WHISPER,
      '/taken': TAKEN,
    },
    [],
    { [ANNE]: 'say nothing', others: 'press 1' },
  );
  expect(events).toContainEqual(expect.objectContaining({ type: 'connected', number: BEN }));
  expect(asked('/dialled')[0]?.parameters.DialCallStatus).toBe('completed');
});

test('a dial without an action goes on below', async () => {
  const { heard } = await call({ [voice]: `<Dial>${ANNE}</Dial><Say>Nobody.</Say>` });
  expect(heard).toEqual(['Nobody.']);
});

test('a whisper cannot dial on', async () => {
  const { events } = await call({ [voice]: DIAL, '/whisper': `<Dial>${BEN}</Dial>` }, [], { [ANNE]: 'press 1' });
  expect(events).toContainEqual(expect.objectContaining({ type: 'failed', code: 12200 }));
  expect(events).not.toContainEqual(expect.objectContaining({ type: 'dialled', number: BEN }));
});

test('a line that never stops talking ends after four hours', async () => {
  const { ended } = await call({ [voice]: '<Say>Hold.</Say><Pause length="3600"/><Redirect/>' });
  expect(ended.how).toBe('time limit');
  expect(ended.seconds).toBe(4 * (1 + 3600));
});

test('a line that only sends the call on and on ends too', async () => {
  const { ended, asked } = await call({ [voice]: '<Redirect/>' });
  expect(asked(voice).length).toBeGreaterThan(100);
  expect(ended.how).toBe('time limit');
});

test('phones can ring one after the other', async () => {
  const { events, asked } = await call(
    {
      [voice]: `<Dial sequential="true" timeout="10" action="/dialled"><Number>${ANNE}</Number><Number>${BEN}</Number></Dial>`,
    },
    [],
    { [BEN]: 'press 1' },
  );
  const steps = events.flatMap((event) => ('number' in event ? [`${event.type} ${event.number}`] : []));
  expect(steps).toEqual([
    `dialled ${ANNE}`,
    `not reached ${ANNE}`,
    `dialled ${BEN}`,
    `picked up ${BEN}`,
    `connected ${BEN}`,
  ]);
  expect(asked('/dialled')[0]?.parameters.DialCallStatus).toBe('completed');
});

test('the two talk no longer than they may', async () => {
  const { events } = await call({ [voice]: `<Dial timeLimit="7">${ANNE}</Dial>` }, [], { [ANNE]: 'press 1' });
  expect(events).toContainEqual(expect.objectContaining({ type: 'connected', seconds: 7 }));
});

const EVENTS = 'initiated ringing answered completed';
const REPORTED = `<Dial action="/dialled"><Number statusCallback="/leg" statusCallbackEvent="${EVENTS}">${ANNE}</Number></Dial>`;

test('whoever wants to know how a leg goes is told step by step', async () => {
  const { asked, received } = await call({ [voice]: REPORTED }, [], { [ANNE]: 'press 1' });
  const legs = asked('/leg').map(({ parameters }) => parameters);
  expect(legs.map(({ CallStatus, SequenceNumber }) => [CallStatus, SequenceNumber])).toEqual([
    ['initiated', '0'],
    ['ringing', '1'],
    ['in-progress', '2'],
    ['completed', '3'],
  ]);
  expect(legs[3]).toMatchObject({
    ParentCallSid: received[0]?.parameters.CallSid,
    Direction: 'outbound-dial',
    To: ANNE,
    CallDuration: asked('/dialled')[0]?.parameters.DialCallDuration,
  });
});

test('a busy leg ends with every field and value of a captured one', async () => {
  const { asked } = await call({ [voice]: REPORTED }, [], { [ANNE]: 'busy' });
  expect(asked('/leg').at(-1)?.parameters).toMatchObject(captured.busy_extra);
});

test.each([
  ['an attribute that the verb does not have', '<Say volume="2">Hello.</Say>', '<Say> has no attribute volume'],
  ['a value that means nothing', '<Pause length="long"/>', 'length="long" is not understood in <Pause>'],
  ['a verb inside a Gather that cannot stand there', '<Gather><Dial/></Gather>', '<Dial> cannot stand in <Gather>'],
  ['a noun on its own', `<Number>${ANNE}</Number>`, '<Number> cannot stand in <Response>'],
  ['a verb inside a Record', '<Record><Say>Hello.</Say></Record>', '<Say> cannot stand in <Record>'],
])('%s is passed over with a warning, and the call goes on', async (_, document, message) => {
  const { events, heard } = await call({ [voice]: `${document}<Say>Goodbye.</Say>` }, ['silence']);
  expect(events).toContainEqual(expect.objectContaining({ type: 'failed', code: 12200, message }));
  if (!document.startsWith('<Record')) expect(heard.at(-1)).toBe('Goodbye.');
});

test('marks for the voice inside a sentence are no mistake', async () => {
  const { events } = await call({ [voice]: '<Say>One <break strength="weak"/><emphasis>moment</emphasis>.</Say>' });
  expect(events.some(({ type }) => type === 'failed')).toBe(false);
});

test('keys can be played', async () => {
  const { heard } = await call({ [voice]: '<Play digits="1w2"/>' });
  expect(heard).toEqual(['(keys: 1w2)']);
});

const LIVE = `<Start><Transcription name="words" statusCallbackUrl="/live" languageCode="en-GB"/></Start>`;

test('words are told while they are spoken, on both tracks, with how sure they are', async () => {
  const { asked } = await call(
    {
      [voice]: `${LIVE}<Say>Good evening.</Say><Gather input="speech" action="/turn"/>`,
      '/turn': '<Record action="/recorded"/>',
    },
    [
      { say: 'an appointment', confidence: 0.41 },
      { message: 'My tooth hurts.', confidence: 0.93 },
    ],
  );
  const told = asked('/live').map(({ parameters }) => parameters);
  expect(told.map(({ TranscriptionEvent, SequenceId }) => `${SequenceId} ${TranscriptionEvent}`)).toEqual([
    '1 transcription-started',
    '2 transcription-content',
    '3 transcription-content',
    '4 transcription-content',
    '5 transcription-stopped',
  ]);
  expect(told[0]).toMatchObject({
    AccountSid: expect.stringMatching(/^AC/),
    CallSid: expect.stringMatching(/^CA/),
    TranscriptionSid: expect.stringMatching(/^GT[\da-f]{32}$/),
    Timestamp: '2026-03-01T21:00:00.000Z',
    Name: 'words',
    Track: 'both_tracks',
    LanguageCode: 'en-GB',
    TranscriptionEngine: 'google',
    PartialResults: 'false',
  });
  const said = told
    .slice(1, 4)
    .map(({ Track, Final, TranscriptionData = '' }) => [Track, Final, JSON.parse(TranscriptionData)]);
  expect(said).toEqual([
    ['outbound_track', 'true', { transcript: 'Good evening.', confidence: 1 }],
    ['inbound_track', 'true', { transcript: 'an appointment', confidence: 0.41 }],
    ['inbound_track', 'true', { transcript: 'My tooth hurts.', confidence: 0.93 }],
  ]);
});

test('a transcription that is stopped hears no more, and one track hears one side', async () => {
  const { asked } = await call({
    [voice]: `${LIVE.replace(' name', ' track="inbound_track" name')}<Say>One.</Say><Stop><Transcription name="words"/></Stop><Say>Two.</Say>`,
  });
  expect(asked('/live').map(({ parameters }) => parameters.TranscriptionEvent)).toEqual([
    'transcription-started',
    'transcription-stopped',
  ]);
});

test('words that are not yet sure come first where that is wanted', async () => {
  const { asked } = await call({
    [voice]: `${LIVE.replace(' name', ' partialResults="true" name')}<Say>One two three four</Say>`,
  });
  const [, partial, final] = asked('/live').map(({ parameters }) => parameters);
  expect(partial).toMatchObject({ Final: 'false', Stability: '0.9', TranscriptionData: '{"transcript":"One two"}' });
  expect(final).toMatchObject({ Final: 'true' });
  expect(final).not.toHaveProperty('Stability');
});

test('words of a recording are made where they are asked for, callback or not', async () => {
  const { simulator, received } = await startLine({ [voice]: '<Record action="/recorded" transcribe="true"/>' });
  const done = await simulator.placeCall({ to: CLINIC, from: CALLER, at: AT, script: [{ message: 'My tooth.' }] });
  expect(received.map(({ path }) => path)).toEqual([voice, '/recorded', '/api/twilio/voice/status']);
  const address = `${simulator.url}/2010-04-01/Accounts/${ACCOUNT.sid}/Recordings/${done.recordings[0]?.sid}/Transcriptions.json`;
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT.sid}:${ACCOUNT.authToken}`)}` };
  expect(await (await fetch(address, { headers })).json()).toMatchObject({
    transcriptions: [{ transcription_text: 'My tooth.' }],
  });
});
