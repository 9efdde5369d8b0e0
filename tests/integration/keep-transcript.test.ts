/** The words of a message are kept as they were made out, once, and sealed. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { keepRecording } from '@/lib/calls/keep-recording';
import { keepTranscript } from '@/lib/calls/keep-transcript';
import { noteEvents } from '@/lib/calls/note-events';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { open } from '@/lib/platform/sealing';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

let call: { id: string; callSid: string };
let sid: string;
beforeEach(async () => {
  await owner.job.deleteMany();
  call = await makeCall(owner, (await makeBusiness(owner)).id, { wanted: 'Pressed 1.' });
  sid = freshSid('RE');
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const enter = (run: typeof keepTranscript, fields: Record<string, string>) =>
  enterByCall(call.callSid, { ipAddress: null, userAgent: null }, new Date(), (visit) =>
    run(visit, { callSid: call.callSid, fields, query: new URLSearchParams() }),
  );
const said = (text: string, more: Record<string, string> = {}) =>
  enter(keepTranscript, {
    RecordingSid: sid,
    TranscriptionSid: `TR${sid.slice(2)}`,
    TranscriptionStatus: 'completed',
    TranscriptionText: text,
    ...more,
  });
const failed = () => enter(keepTranscript, { RecordingSid: sid, TranscriptionStatus: 'failed', TranscriptionText: '' });
const transcripts = async () =>
  (await owner.transcript.findMany({ where: { callId: call.id } })).map((row) => open('Transcript', row));
const wanted = async () =>
  open(
    'Call',
    await owner.call.findFirstOrThrow({ where: { id: call.id }, select: { id: true, businessId: true, wanted: true } }),
  ).wanted;
const kinds = async () =>
  (await owner.callEvent.findMany({ where: { callId: call.id }, orderBy: { kind: 'asc' } })).map(({ kind }) => kind);

test('a transcript is sealed, and says in one line what the caller wanted', async () => {
  await said('My sink leaks.\nPlease call me back.');
  expect(await transcripts()).toMatchObject([{ status: 'completed', text: 'My sink leaks.\nPlease call me back.' }]);
  expect(await wanted()).toBe('My sink leaks. Please call me back.');
  const [row] = await owner.$queryRaw<{ found: boolean }[]>`
    SELECT position('sink'::bytea IN text) > 0 AS found FROM transcripts WHERE recording_sid = ${sid}`;
  expect(row).toEqual({ found: false });
});

test('it may come before the recording, after it, or both at once', async () => {
  const announce = () => enter(keepRecording, { RecordingSid: sid, RecordingStatus: 'completed' });
  await said('first');
  await announce();
  sid = freshSid('RE');
  await announce();
  await said('second');
  sid = freshSid('RE');
  await Promise.all([announce(), said('third')]);
  expect((await transcripts()).map(({ text }) => text).sort()).toEqual(['first', 'second', 'third']);
  expect(await kinds()).toEqual(['recorded', 'recorded', 'recorded', 'transcribed', 'transcribed', 'transcribed']);
});

test('the first word on a recording stands, however often and late another one comes', async () => {
  await said('My sink leaks.');
  await Promise.all([said('Something else.'), said('My sink leaks.'), failed()]);
  expect(await transcripts()).toMatchObject([{ text: 'My sink leaks.' }]);
  expect(await wanted()).toBe('My sink leaks.');
  expect(await kinds()).toEqual(['transcribed']);
  expect(
    await owner.auditLog.count({
      where: { action: 'transcript.create', businessId: (await transcripts())[0]?.businessId ?? null },
    }),
  ).toBe(1);
});

test('words that could not be made out are a failed transcript, and take nothing away', async () => {
  await failed();
  expect(await transcripts()).toMatchObject([{ status: 'failed', text: null }]);
  expect(await wanted()).toBe('Pressed 1.');
  expect(await kinds()).toEqual(['transcription_failed']);
});

test('a message without words is a transcript without words', async () => {
  await said('');
  expect(await transcripts()).toMatchObject([{ status: 'completed', text: '', nothing: 'silence' }]);
  expect(await wanted()).toBe('Pressed 1.');
});

/** The call is over, after a message; what became of it. */
const over = async (intent: 'message' | 'emergency' = 'message') => {
  await owner.call.updateMany({
    where: { id: call.id },
    data: {
      endedAt: new Date(),
      startedAt: new Date(Date.now() - 60_000),
      secondsUsed: 60,
      secondsCharged: 60,
      intent,
      urgent: intent === 'emergency',
    },
  });
  await enter(
    (visit) =>
      noteEvents(
        visit,
        call.id,
        ['greeted', 'chose', 'message_left'].map((kind) => ({ key: kind, kind })),
      ),
    {},
  );
};
const outcome = () =>
  owner.call.findFirstOrThrow({
    where: { id: call.id },
    select: { status: true, uncharged: true, secondsCharged: true },
  });

test('what turns out to be no message leaves no message behind, and an emergency is never taken for a machine', async () => {
  await over();
  await said('Please leave a message after the tone.');
  expect(await outcome()).toEqual({ status: 'missed', uncharged: 'robot', secondsCharged: 0 });
  expect(await wanted()).toBe('Pressed 1.');

  call = await makeCall(owner, (await makeBusiness(owner)).id, { wanted: 'Pressed 4.' });
  sid = freshSid('RE');
  await over('emergency');
  await said('Please leave a message after the tone.');
  expect(await outcome()).toEqual({ status: 'missed', uncharged: null, secondsCharged: 60 });
});

test('a message stays a message, and the same is charged whenever its words come', async () => {
  await over();
  await said('My sink leaks.');
  expect(await outcome()).toEqual({ status: 'completed', uncharged: null, secondsCharged: 60 });
});

describe('words that come while the caller speaks', () => {
  let session: string;
  beforeEach(() => {
    session = freshSid('GT');
  });
  const event = (name: string, more: Record<string, string> = {}) =>
    enter(keepTranscript, { TranscriptionSid: session, TranscriptionEvent: `transcription-${name}`, ...more });
  const content = (place: number, transcript: string, confidence = 0.9) =>
    event('content', {
      TranscriptionData: JSON.stringify({ transcript, confidence }),
      SequenceId: String(place),
      Final: 'true',
    });

  test('are one transcript in the order in which they were said, however they arrive', async () => {
    await event('started');
    await content(4, 'Please call me back.', 0.4);
    await event('stopped');
    await content(2, 'My sink leaks.');
    await Promise.all([content(2, 'My sink leaks.'), content(4, 'Please call me back.', 0.4)]);
    expect(await transcripts()).toMatchObject([
      {
        sessionSid: session,
        status: 'completed',
        nothing: null,
        text: 'My sink leaks. Please call me back.',
        parts: '[[2,"My sink leaks.",0.9],[4,"Please call me back.",0.4]]',
      },
    ]);
    expect(await wanted()).toBe('My sink leaks. Please call me back.');
    expect(await kinds()).toEqual(['transcribed']);
  });

  test('are silence where a session ends without any, until some come after all', async () => {
    await over();
    await event('started');
    await event('stopped');
    expect(await transcripts()).toMatchObject([{ status: 'completed', text: '', nothing: 'silence' }]);
    expect(await outcome()).toMatchObject({ status: 'missed' });
    await content(2, 'My sink leaks.');
    expect(await transcripts()).toMatchObject([{ text: 'My sink leaks.', nothing: null }]);
    expect(await outcome()).toMatchObject({ status: 'completed' });
  });

  test('could not be made out where a session breaks before any came, in whatever order that is told', async () => {
    for (const order of [
      ['error', 'stopped'],
      ['stopped', 'error'],
    ]) {
      session = freshSid('GT');
      for (const name of order) await event(name);
      const [row] = (await transcripts()).filter(({ sessionSid }) => sessionSid === session);
      expect(row).toMatchObject({ status: 'failed', text: null, nothing: null });
    }
    await content(2, 'My sink leaks.');
    expect((await transcripts()).find(({ sessionSid }) => sessionSid === session)).toMatchObject({
      status: 'completed',
      text: 'My sink leaks.',
    });
  });

  test('are sealed, each part of them', async () => {
    await content(2, 'My sink leaks.');
    const [row] = await owner.$queryRaw<{ found: boolean }[]>`
      SELECT position('sink'::bytea IN text || parts) > 0 AS found FROM transcripts WHERE session_sid = ${session}`;
    expect(row).toEqual({ found: false });
  });

  test('need no copy at Twilio any longer', async () => {
    await enter(keepRecording, { RecordingSid: sid, RecordingStatus: 'completed' });
    const stored = {
      storageKey: 'k',
      contentType: 'audio/wav',
      bytes: 1,
      sha256: new Uint8Array(32),
      storedAt: new Date(),
    };
    await owner.recording.updateMany({ where: { callId: call.id }, data: { status: 'stored', ...stored } });
    await content(2, 'My sink leaks.');
    expect((await owner.job.findMany()).map(({ kind }) => kind)).toContain('delete_remote_recording');
  });
});

test('odd fields do not lose the words', async () => {
  await said('My sink leaks.', { TranscriptionStatus: 'exploded', TranscriptionSid: '../../Calls', Surprise: 'x' });
  expect(await transcripts()).toMatchObject([{ status: 'completed', text: 'My sink leaks.' }]);
  expect(await owner.job.count()).toBe(0);
  await said('No recording is named.', { RecordingSid: '' });
  expect((await owner.job.findMany()).map(({ payload }) => payload)).toEqual([
    { alert: 'odd_callback', reference: call.callSid },
  ]);
});

test.each([
  'null\u0000byte',
  "Robert'); DROP TABLE calls;--",
  '<script>alert(1)</script>',
  '{"not": "x"}',
  '‮right to left‬',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ ̖t̝͕̳̣̻̪͞h̼͓̲̦̳̘̲e͇̣̰̦̬͎ ̢̼̻̱̘h͚͎͙̜̣̲ͅi̦̲̣̰̤v̻͍e̺̭̳̪̰-m̢iͅn̖̺̞̲̯̰d̵̼̟͙̩̼̘̳.',
  '👩‍👩‍👧‍👦 田中さんにあげて下さい',
  '   ',
  'x'.repeat(100_000),
])('%j is kept as it is', async (text) => {
  await said(text);
  expect((await transcripts()).map((transcript) => transcript.text)).toEqual([text]);
});
