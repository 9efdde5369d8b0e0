/** The words of a message are kept as they were made out, once, and sealed. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { keepRecording } from '@/lib/calls/keep-recording';
import { keepTranscript } from '@/lib/calls/keep-transcript';
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
  expect(await transcripts()).toMatchObject([{ status: 'completed', text: '' }]);
  expect(await wanted()).toBe('Pressed 1.');
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
