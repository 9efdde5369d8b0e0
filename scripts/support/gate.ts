/**
 * What happens to every request before Next sees it: headers that must be on whatever is answered, addresses that nobody
 * but a proxy of ours can say, and an end to what no visitor of ours sends.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { isLoopback } from '../../lib/platform/env'; // npm start may be called from anywhere: no aliases
import { writeWhereFrom } from './where-from';

type Header = { readonly key: string; readonly value: string };
type Site = {
  readonly appUrl: string;
  readonly trustedProxyHops: number;
  /** On every answer. A page replaces its policy with one of its own. */
  readonly headers: readonly Header[];
};

/** Bytes: the largest webhook, and the largest form. Bodies that do not say how long they are, are counted as they are read. */
export const largestBody = 1024 * 1024;
const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];

export function gate({ appUrl, trustedProxyHops, headers: always }: Site) {
  const { host } = new URL(appUrl);
  // Next asks itself for the page that a form leads to, with the headers of the form: that request has been here before.
  const mark = randomBytes(16).toString('hex');

  /** Lets a request in, or answers it. */
  const admit = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { headers } = request;
    for (const { key, value } of always) response.setHeader(key, value);
    const isFromOutside = headers['x-aftercallpro-gate'] !== mark;
    if (isFromOutside) writeWhereFrom(request, trustedProxyHops);
    headers['x-aftercallpro-gate'] = mark;
    const isMisnamed = isFromOutside && headers.host !== host && isSameDoor(`http://${headers.host}`, appUrl);
    // Links, redirects and Next's own comparison with `Origin` are about the address we are known by.
    headers.host = host;
    for (const name of ['x-forwarded-host', 'x-forwarded-port', 'x-aftercallpro-path']) delete headers[name];

    const refuse = (status: number, text: string, more: Readonly<Record<string, string>> = {}) => {
      const type = 'text/plain; charset=utf-8';
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', Connection: 'close', ...more });
      response.end(`${text}\n`);
      return false;
    };
    if (!methods.includes(request.method ?? '')) return refuse(405, 'Not like this.', { Allow: methods.join(', ') });
    if (!isPath(request.url ?? '')) return refuse(400, 'This is no address.');
    // `localhost` for 127.0.0.1: cookies and forms belong to the one that is in APP_URL.
    if (isMisnamed && request.method === 'GET')
      return refuse(307, 'This way.', { Location: `${appUrl}${request.url}` });
    if (Number(headers['content-length'] ?? 0) > largestBody) return refuse(413, 'Too large.');
    return true;
  };

  /** Answers what Node could not read as a request. */
  const turnAway = (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const status =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? '408 Request Timeout'
          : '400 Bad Request';
    const lines = always.map(({ key, value }) => `${key}: ${value}`);
    socket.end([`HTTP/1.1 ${status}`, ...lines, 'Content-Length: 0', 'Connection: close', '', ''].join('\r\n'));
  };

  return { admit, turnAway };
}

/** A path of ours, and one whose escapes stand for characters. */
function isPath(url: string): boolean {
  if (!url.startsWith('/')) return false;
  const [path = ''] = url.split('?', 1);
  try {
    return decodeURIComponent(path).length > 0;
  } catch {
    return false;
  }
}

/** Whether two addresses are names of one port of this machine. */
const isSameDoor = (a: string, b: string): boolean =>
  [a, b].every((url) => url.startsWith('http:') && URL.canParse(url) && isLoopback(url)) &&
  new URL(a).port === new URL(b).port;
