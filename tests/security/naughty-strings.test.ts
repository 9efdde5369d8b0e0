/** What a caller is named, says and leaves is data, whatever it looks like: kept as it came, sealed, and shown as text. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { open } from '@/lib/platform/sealing';
import { LONGEST_SPEECH } from '@/lib/rules/call-event';
import { cutTo } from '@/lib/rules/text';
import { nothingSaid } from '@/lib/rules/transcript';
import { startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { callFields, type Fields, sendSigned } from '@/tests/support/twilio-request';

const { owner: ownerUrl } = await testDatabase();
const app = await startApplication();
const owner = ownerClient(ownerUrl);
const clinic = await makeBusiness(owner);
const person = await makePerson(owner, { member: { businessId: clinic.id, role: 'business_owner' } });
const headers = await app.as(person.sessionId);
afterAll(async () => {
  await owner.$disconnect();
  await app.stop();
});

const naughty: string[] = JSON.parse(readFileSync('tests/data/naughty-strings.json', 'utf8'));
/** They cannot be sent: what is no text in Unicode has no bytes in UTF-8. */
const texts = naughty.map((text) => text.toWellFormed());

/** Three at once. */
async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: 3 }, async () => {
      for (const item of left) await act(item);
    }),
  );
}

type Kept = { readonly text: string; readonly callSid: string };
const calls: Kept[] = texts.map((text) => ({ text, callSid: freshSid('CA') }));

beforeAll(async () => {
  await each(calls, async ({ text, callSid }) => {
    const send = async (path: string, fields: Fields) => {
      const answer = await sendSigned(app.url, path, callFields(callSid, clinic.number, fields));
      return { status: answer.status, said: await answer.text() };
    };
    // On a machine that is too busy for the budget of a caller, the answer is the one without a business: once more, then.
    const turn = () => send('/api/twilio/voice/turn?step=menu&attempt=1', { CallerName: text, SpeechResult: text });
    const answered = { status: 200, said: expect.not.stringContaining('step=message&amp;attempt=2') };
    await vi.waitFor(async () => expect(await turn()).toEqual(answered), { timeout: 30_000 });
    const fields = { RecordingSid: freshSid('RE'), TranscriptionStatus: 'completed', TranscriptionText: text };
    expect(await send('/api/twilio/transcription', fields)).toEqual({ status: 204, said: '' });
  });
}, 120_000);

const rowsOf = async (callSid: string) => {
  const call = await owner.call.findUniqueOrThrow({
    where: { callSid },
    include: { transcripts: true, events: { where: { kind: { in: ['chose', 'not_understood'] } } } },
  });
  const [transcript] = call.transcripts;
  const [event] = call.events;
  if (!transcript || !event || call.events.length > 1) throw new Error('a call without its rows');
  return { call, transcript, event };
};

test('it is kept as it came, and sealed', async () => {
  await each(calls, async ({ text, callSid }) => {
    const { call, transcript, event } = await rowsOf(callSid);
    expect(open('Call', call).callerName).toBe(cutTo(200, text.trim()) || null);
    expect(open('CallEvent', event).said).toBe(cutTo(LONGEST_SPEECH, text.trim()) || null);
    expect(open('Transcript', transcript).text).toBe(text);
    if (text.length < 6) return; // a few bytes may be there by chance
    for (const sealed of [call.callerName, event.said, transcript.text]) {
      expect(Buffer.from(sealed ?? '').includes(text.trim())).toBe(false);
    }
  });
});

/** Text as it stands in HTML. */
const inHtml = (text: string) => {
  const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
};

test('V1.2.1 it stands on the page of its call as text, and nowhere as anything else', async () => {
  // Those that mean something to HTML or to JSON; the others are the same text everywhere.
  const pages = calls.filter(({ text }) => /[&<>"'\\\p{Cc}]/u.test(text));
  expect(pages.length).toBeGreaterThan(200);
  await each(pages, async ({ text, callSid }) => {
    const { id } = await owner.call.findUniqueOrThrow({ where: { callSid }, select: { id: true } });
    const page = await fetch(`${app.url}/dashboard/calls/${id}`, { headers });
    expect([text, page.status]).toEqual([text, 200]);
    const html = await page.text();
    // Where it is no message, the page says so, and not in these words.
    if (nothingSaid(text) === null) expect(html).toContain(inHtml(text));
    expect(html).toContain(inHtml(cutTo(200, text.trim())));
    // As it came it would be markup, and a quote could end an attribute; shorter ones than this are part of any page.
    if (text.length > 8) {
      if (text.includes('<')) expect(html).not.toContain(text);
      if (text.includes('"')) expect(html.replace(/<script\b.*?<\/script>/gs, '')).not.toContain(text);
    }
    expect(html).not.toMatch(/(?:href|src|action)="\s*javascript:/i);
  });
});

test('V16.2.5 V16.4.1 nothing of it is in the log', () => {
  const lines = app.logged().split('\n').filter(Boolean);
  for (const line of lines.filter((text) => text.startsWith('{'))) JSON.parse(line);
  for (const text of texts.filter(({ length }) => length > 20)) expect(app.logged()).not.toContain(text);
});
