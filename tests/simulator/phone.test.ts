import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { ACCOUNT, CALLER, CLINIC, startLine, voice } from './line';

/** What the page is given, as a browser on this machine reads it. */
async function givenBy(url: string) {
  const page = await (await fetch(`${url}/phone`)).text();
  return JSON.parse(/id="given">(.*?)<\/script>/.exec(page)?.[1] ?? '') as { key: string; appUrl: string };
}

/** The status of a request that calls the network by another name. */
const askedAs = (host: string, url: string) =>
  new Promise((resolve) => {
    request(url, { headers: { host } })
      .on('response', (response) => resolve(response.resume().statusCode))
      .end();
  });

test('the phone is there without credentials, and carries a key of its own instead of the token', async () => {
  const { simulator, appUrl } = await startLine({});
  const response = await fetch(`${simulator.url}/phone`);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'/);
  expect(await response.text()).not.toContain(ACCOUNT.authToken);
  expect((await givenBy(simulator.url)).appUrl).toBe(appUrl);
  for (const file of [...readdirSync('simulator/phone').filter((name) => !/\.(html|ts)$/.test(name)), 'inter.woff2']) {
    expect((await fetch(`${simulator.url}/phone/${file}`)).status).toBe(200);
  }
  expect((await fetch(`${simulator.url}/phone/page.ts`)).status).toBe(404);
  expect((await fetch(`${simulator.url}/phone/..%2fmain.ts`)).status).toBe(404);
});

test('the key places calls, writes texts and says what goes wrong, and opens nothing of the account', async () => {
  const { simulator } = await startLine({ [voice]: '<Say>Good evening.</Say>' });
  const { key } = await givenBy(simulator.url);
  const headers = { Authorization: `Bearer ${key}` };
  const call = await fetch(`${simulator.url}/simulator/calls`, {
    ...{ method: 'POST', headers },
    body: JSON.stringify({
      to: CLINIC,
      from: CALLER,
      script: [],
      at: { moment: 'Sunday 21:00', zone: 'America/New_York' },
    }),
  });
  const lines = (await call.text()).trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '').completed.heard).toEqual(['Good evening.']);
  expect((await fetch(`${simulator.url}/2010-04-01/Accounts/${ACCOUNT.sid}/Calls.json`, { headers })).status).toBe(401);
  const other = await fetch(`${simulator.url}/simulator/texts`, { headers: { Authorization: 'Bearer x' } });
  expect(other.status).toBe(401);
});

test('whoever listens may hang up in the middle of what is said, and was on the line no longer', async () => {
  const long = 'Thank you for calling. '.repeat(20);
  const { simulator, received } = await startLine({ [voice]: `<Say>Good evening.</Say><Say>${long}</Say>` });
  const headers = { Authorization: `Bearer ${(await givenBy(simulator.url)).key}` };
  const post = (path: string, body: unknown) =>
    fetch(`${simulator.url}/simulator/calls${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const call = await post('', { to: CLINIC, from: CALLER, script: 'interactive', listens: true });
  const events: { type: string; [key: string]: unknown }[] = [];
  for await (const line of createInterface({ input: Readable.from(call.body ?? []) })) {
    const { event } = JSON.parse(line);
    if (event) events.push(event);
    if (event?.type !== 'heard') continue;
    await post(`/${events[0]?.callSid}/acts`, event.text === 'Good evening.' ? 'heard' : 'hang up');
  }
  expect(events.at(-2)).toMatchObject({ type: 'ended', how: 'caller hung up', seconds: 2 });
  expect(received.at(-1)?.parameters.CallDuration).toBe('2');
});

test('a moment that makes no sense is explained', async () => {
  const { simulator } = await startLine({});
  const { key } = await givenBy(simulator.url);
  const call = await fetch(`${simulator.url}/simulator/calls`, {
    ...{ method: 'POST', headers: { Authorization: `Bearer ${key}` } },
    body: JSON.stringify({ to: CLINIC, from: CALLER, script: [], at: { moment: 'soon', zone: 'America/New_York' } }),
  });
  expect(call.status).toBe(400);
  expect(await call.json()).toMatchObject({ message: expect.stringContaining('"soon" is no moment') });
});

test('by a name that is not this machine’s nothing is given out, so that no other site can read the key', async () => {
  const { simulator } = await startLine({});
  expect(await askedAs('evil.example', `${simulator.url}/phone`)).toBe(404);
  expect(await askedAs(new URL(simulator.url).host, `${simulator.url}/phone`)).toBe(200);
});
