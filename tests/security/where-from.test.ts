import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { writeWhereFrom } from '@/scripts/support/where-from';

/** What the application sees of a request with these headers, sent over a real connection from this machine. */
async function received(headers: Record<string, string>, trustedProxyHops: number): Promise<IncomingHttpHeaders> {
  const server = createServer((incoming, response) => {
    writeWhereFrom(incoming, trustedProxyHops);
    response.end(JSON.stringify(incoming.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const text = await new Promise<string>((resolve, reject) => {
    request({ port, host: '127.0.0.1', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()));
    })
      .on('error', reject)
      .end();
  });
  server.close();
  return JSON.parse(text);
}

/** The client's address as the doors read it. */
async function addressOf(headers: IncomingHttpHeaders, trustedProxyHops: number): Promise<string | null> {
  vi.stubEnv('TRUSTED_PROXY_HOPS', String(trustedProxyHops));
  vi.resetModules();
  const { originOf } = await import('@/lib/doors/origin');
  return originOf(new Headers(headers as Record<string, string>)).ipAddress;
}

test('V4.1.3 what a client says about where it comes from changes nothing', async () => {
  const honest = await received({}, 0);
  const spoofed = await received(
    {
      'X-Forwarded-For': '203.0.113.9',
      'X-Forwarded-Host': 'evil.test',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Port': '1',
      'X-Real-IP': '203.0.113.9',
      Forwarded: 'for=203.0.113.9;host=evil.test',
    },
    0,
  );
  expect(Object.keys(spoofed).toSorted()).toEqual(Object.keys(honest).toSorted());
  expect(await addressOf(spoofed, 0)).toBe('127.0.0.1');
});

test('V4.1.3 behind one proxy of our own, the address is the one that proxy saw', async () => {
  const proxied = await received({ 'X-Forwarded-For': '203.0.113.9, 198.51.100.7' }, 1);
  expect(await addressOf(proxied, 1)).toBe('198.51.100.7');
  expect(await addressOf(await received({}, 1), 1)).toBe(null);
});
