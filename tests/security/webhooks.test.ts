/** Whoever is not Twilio gets nothing and leaves nothing; what Twilio may send, however odd, is taken as it comes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { open } from '@/lib/platform/sealing';
import { startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { callFields, type Fields, formOf, sendSigned, signedHeaders } from '@/tests/support/twilio-request';

const { owner: ownerUrl } = await testDatabase();
const secondToken = '11111111111111111111111111111111';
const firstToken = process.env.TWILIO_AUTH_TOKEN ?? '';
const app = await startApplication({
  TWILIO_AUTH_TOKEN: `${firstToken},${secondToken}`,
  ALERT_EMAIL: 'operator@example.com',
});
const owner = ownerClient(ownerUrl);
const clinic = await makeBusiness(owner);
afterAll(async () => {
  await owner.$disconnect();
  await app.stop();
});

const WEBHOOKS = [
  ...['', '/turn', '/whisper', '/dial-result', '/recorded', '/status', '/fallback'].map((name) => `/voice${name}`),
  '/recording',
  '/transcription',
  '/messages',
  '/messages/status',
].map((name) => `/api/twilio${name}`);

/** How many rows there are in every table. */
async function rows(): Promise<Record<string, number>> {
  const tables = await owner.$queryRaw<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [found] = await owner.$queryRawUnsafe<{ count: bigint }[]>(`SELECT count(*) FROM "${name}"`);
    counts[name] = Number(found?.count);
  }
  return counts;
}
const linesLogged = () => app.logged().split('\n').filter(Boolean);
const callOf = async (callSid: string) => {
  const call = await owner.call.findUniqueOrThrow({ where: { callSid } });
  return { ...call, ...open('Call', call) };
};

/** A request that says what fetch will not: `Host`, a body without its length, a body that never ends. */
function send(
  address: string,
  headers: Record<string, string>,
  body: (write: (chunk: string | Buffer) => Promise<void>) => Promise<void> | string,
): Promise<{ status: number; text: string; milliseconds: number }> {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(address, { method: 'POST', headers, agent: false });
    outgoing.on('response', (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        outgoing.destroy();
        resolve({ status: response.statusCode ?? 0, text, milliseconds: performance.now() - since });
      });
    });
    outgoing.on('error', reject);
    const write = (chunk: string | Buffer) =>
      new Promise<void>((done) => {
        if (outgoing.destroyed) done();
        else outgoing.write(chunk, () => done());
      });
    void (async () => {
      const whole = body(write);
      outgoing.end(typeof whole === 'string' ? whole : await whole);
    })();
  });
}

describe('who is not Twilio', () => {
  test('every webhook there is, is tried here', () => {
    const found = readdirSync('app/api/twilio', { recursive: true, encoding: 'utf8' })
      .filter((file) => path.basename(file) === 'route.ts')
      .map((file) => path.join('/api/twilio', path.dirname(file)));
    expect(found.toSorted()).toEqual(WEBHOOKS.toSorted());
  });

  const fields = callFields(freshSid('CA'), clinic.number, { RecordingSid: freshSid('RE') });
  const headersOf = (address: string): Record<string, Record<string, string>> => {
    const { 'X-Twilio-Signature': right, ...plain } = signedHeaders(address, fields);
    return {
      'no signature': plain,
      'a blank signature': { ...plain, 'X-Twilio-Signature': '' },
      'no base64': { ...plain, 'X-Twilio-Signature': 'signed, yours truly' },
      'a signature of another request': {
        ...plain,
        'X-Twilio-Signature': signedHeaders(address, { ...fields, Digits: '1' })['X-Twilio-Signature'],
      },
      'a signature with an unknown token': signedHeaders(address, fields, { token: '2'.repeat(32) }),
      'a signature for another host': signedHeaders(address.replace(app.url, 'https://evil.test'), fields),
      'a right one, cut short': { ...plain, 'X-Twilio-Signature': right.slice(0, -1) },
    };
  };

  test.each(WEBHOOKS)('is turned away at %s: one line in the log, and no row anywhere', async (webhook) => {
    const address = `${app.url}${webhook}?step=menu&attempt=1`;
    const before = await rows();
    for (const [why, headers] of Object.entries(headersOf(address))) {
      const lines = linesLogged().length;
      const answer = await fetch(address, { method: 'POST', headers, body: formOf(fields) });
      expect([why, answer.status]).toEqual([why, 403]);
      expect(await answer.text()).toBe('Not signed by Twilio.\n');
      const added = linesLogged().slice(lines);
      expect([why, added.length]).toEqual([why, 1]);
      expect(JSON.parse(added[0] ?? '')).toMatchObject({ level: 'warn', event: 'webhook.denied', route: webhook });
    }
    expect(await rows()).toEqual(before);
  });

  test.each(WEBHOOKS)('cannot read %s', async (webhook) => {
    const before = linesLogged().length;
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      expect([method, (await fetch(`${app.url}${webhook}`, { method })).status]).toEqual([method, 405]);
    }
    expect(linesLogged().slice(before)).toEqual([]);
  });

  test('V4.1.3 does not become Twilio by choosing which address is signed', async () => {
    const evil = 'evil.test';
    const spoofed = {
      Host: evil,
      'X-Forwarded-Host': evil,
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Port': '443',
      Forwarded: `host=${evil};proto=https`,
      'X-Original-URL': '/api/twilio/voice',
    };
    const signedFor = (address: string) => signedHeaders(`${address}/api/twilio/voice`, fields);
    const sent = (headers: Record<string, string>) =>
      send(`${app.url}/api/twilio/voice`, { ...headers, ...spoofed }, () => formOf(fields));
    for (const address of [`https://${evil}`, `http://${evil}`, `http://${evil}:${new URL(app.url).port}`]) {
      expect((await sent(signedFor(address))).status).toBe(403);
    }
    // And the other way round: what is Twilio's stays Twilio's, whatever a proxy on the way writes into the headers.
    const answer = await sent(signedFor(app.url));
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(evil);
  });
});

test('V11.2.2 Twilio may sign with either of two tokens, while one is being changed for the other', async () => {
  for (const token of [firstToken, secondToken]) {
    const answer = await sendSigned(app.url, '/api/twilio/voice', callFields(freshSid('CA'), clinic.number), { token });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(await answer.text()).toContain('<Say');
  }
});

describe('a body', () => {
  const address = `${app.url}/api/twilio/voice`;
  const padding = (bytes: number): Fields =>
    callFields(freshSid('CA'), clinic.number, { SpeechResult: 'a'.repeat(bytes) });

  test('V5.2.1 of more than 64 KB is refused unless it is signed', async () => {
    const fields = padding(64 * 1024);
    const unsigned = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const before = await rows();
    for (const headers of [unsigned, { ...unsigned, 'X-Twilio-Signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }]) {
      expect((await fetch(address, { method: 'POST', headers, body: formOf(fields) })).status).toBe(413);
    }
    expect(await rows()).toEqual(before);
    expect((await sendSigned(app.url, '/api/twilio/voice', fields)).status).toBe(200);
  });

  test('of more than 1 MB is refused, signed or not, with its length or without, within a second', async () => {
    const fields = padding(1024 * 1024);
    const body = formOf(fields);
    const { 'X-Twilio-Signature': signature, ...plain } = signedHeaders(address, fields);
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    for (const headers of [plain, { ...plain, 'X-Twilio-Signature': signature }]) {
      for (const more of [length, { 'Transfer-Encoding': 'chunked' }]) {
        const answer = await send(address, { ...headers, ...more } as Record<string, string>, () => body);
        expect(answer.status).toBe(413);
        expect(answer.milliseconds).toBeLessThan(15_000);
      }
    }
  });

  test.skipIf(!existsSync('/proc'))('that never ends is refused at its first megabyte and kept nowhere', async () => {
    const memory = () => {
      const status = readFileSync(`/proc/${app.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    };
    const before = memory();
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const endless = async (write: (chunk: Buffer) => Promise<void>) => {
      for (let megabytes = 0; megabytes < 200; megabytes += 1) await write(chunk);
    };
    const headers = { 'Transfer-Encoding': 'chunked', 'X-Twilio-Signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
    for (let n = 0; n < 5; n += 1) {
      const answer = await send(address, headers, endless);
      expect(answer.status).toBe(413);
      expect(answer.milliseconds).toBeLessThan(15_000);
    }
    expect(memory() - before).toBeLessThan(100);
  });

  // Collected by copying, so many values would take minutes; the limit only tells minutes from moments.
  test('V1.3.12 made of one field over and over is refused in a moment', async () => {
    const since = performance.now();
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
      body: 'a&'.repeat(500_000),
    });
    expect(answer.status).toBe(413);
    expect(performance.now() - since).toBeLessThan(15_000);
  });
});

test('a call for a number that nobody owns gets an apology, and the operator one mail a day', async () => {
  const number = '+12125559999';
  for (let n = 0; n < 5; n += 1) {
    const answer = await sendSigned(app.url, '/api/twilio/voice', callFields(freshSid('CA'), number));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/<Response><Say[^>]*>[^<]*sorry[^<]*<\/Say><Hangup\/><\/Response>$/i);
  }
  expect(await owner.call.count({ where: { calledNumber: number } })).toBe(0);
  const alerts = () => owner.job.findMany({ where: { kind: 'alert', key: { contains: number } } });
  await vi.waitUntil(async () => (await alerts())[0]?.doneAt, { timeout: 10_000 });
  expect(await alerts()).toHaveLength(1);
  const outbox = path.join(app.workspace, '.data/outbox');
  const mails = readdirSync(outbox)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readFileSync(path.join(outbox, file), 'utf8'));
  expect(mails.filter((mail) => mail.includes('a number that nobody owns'))).toHaveLength(1);
});

describe('a caller', () => {
  /** What Twilio and the networks send in place of a number that is withheld. */
  const WITHHELD = [
    ...['anonymous', 'Anonymous', 'unknown', 'restricted', 'unavailable', ''],
    ...['+266696687', '+86282452253', '+8656696', '+2562533', '+7378742833'],
    'sip:anonymous@anonymous.invalid',
  ];

  test.each(WITHHELD)('who is “%s” is withheld, in the row and on the screen', async (from) => {
    const callSid = freshSid('CA');
    const { id: businessId, number } = await makeBusiness(owner);
    const { sessionId } = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
    const fields = callFields(callSid, number, { From: from, Caller: from, CallerCountry: 'LS' });
    expect((await sendSigned(app.url, '/api/twilio/voice', fields)).status).toBe(200);
    const { id, callerNumber, callerNumberIndex } = await callOf(callSid);
    expect([callerNumber, callerNumberIndex]).toEqual([null, null]);
    const page = await fetch(`${app.url}/dashboard/calls/${id}`, { headers: await app.as(sessionId) });
    const html = await page.text();
    expect(html).toContain('Number withheld');
    if (from.startsWith('+')) expect(html).not.toContain(from);
  });

  test('about whom every optional field is blank or missing is answered like any other', async () => {
    const names = ['CallerName', 'FromCity', 'FromState', 'FromZip', 'FromCountry', 'ForwardedFrom', 'StirVerstat'];
    const blank = Object.fromEntries(names.map((name) => [name, '']));
    const { From, CallStatus, Direction, ApiVersion, AccountSid, ...least } = callFields(freshSid('CA'), clinic.number);
    const most = callFields(freshSid('CA'), clinic.number, blank);
    for (const fields of [most, least as Fields]) {
      const answer = await sendSigned(app.url, '/api/twilio/voice', fields);
      expect(await answer.text()).toContain('<Gather');
      const { callerName, status } = await callOf(String(fields.CallSid));
      expect([callerName, status]).toEqual([null, 'in_progress']);
    }
  });

  test('is counted once where a field stands there twice', async () => {
    const callSid = freshSid('CA');
    const fields = callFields(callSid, clinic.number, { From: ['+14155550123', '+14155550199'] });
    expect((await sendSigned(app.url, '/api/twilio/voice', fields)).status).toBe(200);
    expect((await callOf(callSid)).callerNumber).toBe('+14155550123');
  });
});

describe('hostile fields in a signed request', () => {
  const turn = '/api/twilio/voice/turn?step=menu&attempt=1';
  const hostile: Record<string, Fields> = {
    'a NUL and control characters': { CallerName: 'A\0nn\u0007', SpeechResult: 'hello\0\u001b[31m\r\nlevel=error' },
    'ten thousand characters of speech': { SpeechResult: 'message '.repeat(1_250) },
    'a thousand fields that we do not know': Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`Field${n}`, 'x']),
    ),
    'names that objects have': { __proto__x: '1', constructor: 'x', toString: 'x', hasOwnProperty: 'x' },
    'a digit that is none': { Digits: '９', SpeechResult: '' },
    'numbers that are none': { RecordingDuration: '1e9', DialBridged: 'perhaps', CallDuration: '-1' },
  };

  test.each(Object.entries(hostile))('%s: the call goes on', async (_, more) => {
    const fields = callFields(freshSid('CA'), clinic.number, more);
    for (const webhook of ['/api/twilio/voice', turn]) {
      const answer = await sendSigned(app.url, webhook, fields);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toMatch(/<Gather|<Record/);
    }
    expect((await callOf(String(fields.CallSid))).status).toBe('in_progress');
  });

  test('a CallSid or a number called that is none: the caller still hears something', async () => {
    for (const callSid of ['', 'CA', 'CA\0', `CA${'g'.repeat(32)}`, "CA' OR 1=1 --"]) {
      const fields = callFields(callSid, clinic.number);
      for (const webhook of WEBHOOKS.slice(0, 5)) {
        const answer = await sendSigned(app.url, `${webhook}?step=message&attempt=1`, fields);
        expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/<Say/)]);
      }
    }
    for (const to of ['', '\0', 'sip:clinic@example.com', `+1${'2'.repeat(10_000)}`]) {
      const answer = await sendSigned(app.url, '/api/twilio/voice', callFields(freshSid('CA'), to));
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/<Say/)]);
    }
  });

  test('percent signs that stand for no character are taken as they can be, or refused', async () => {
    const body = `${formOf(callFields(freshSid('CA'), clinic.number))}&CallerName=%FF%C3%28%ZZ%&%E0%80=%`;
    const asRead = Object.fromEntries(new URLSearchParams(body));
    const headers = signedHeaders(`${app.url}/api/twilio/voice`, asRead);
    const answer = await fetch(`${app.url}/api/twilio/voice`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    const raw = Buffer.concat([Buffer.from('CallSid='), Buffer.from([0xff, 0xfe, 0x00, 0x80])]);
    const refused = await fetch(`${app.url}/api/twilio/voice`, { method: 'POST', headers, body: raw });
    expect(refused.status).toBe(403);
  });

  test('V16.2.5 no line of the log holds what was said', () => {
    for (const line of linesLogged().filter((text) => text.startsWith('{'))) JSON.parse(line);
    expect(app.logged()).not.toMatch(/\[31m|hello|\+14155550123/);
  });
});
