import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Network } from '../network';
import { type Answer, notFound } from '../rest/answer';

/** Where the phone is. */
export const PHONE_PATH = '/phone';

/** The page may load what this process serves, and talk with it, and nothing else. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const beside = (file: string) => readFileSync(new URL(file, import.meta.url));
const FONT = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';

/** The files of the page, by path; read when they are asked for, so that a change is seen at once. */
const FILES: Readonly<Record<string, readonly [type: string, read: () => Buffer]>> = {
  '/phone.css': ['text/css; charset=utf-8', () => beside('phone.css')],
  '/phone.mjs': ['text/javascript; charset=utf-8', () => beside('phone.mjs')],
  '/line.mjs': ['text/javascript; charset=utf-8', () => beside('line.mjs')],
  '/sound.mjs': ['text/javascript; charset=utf-8', () => beside('sound.mjs')],
  '/inter.woff2': ['font/woff2', () => readFileSync(createRequire(import.meta.url).resolve(FONT))],
};

export type PhonePage = {
  /** What the page shows in place of the account's credentials. */
  readonly authorization: string;
  answer(url: URL): Answer;
};

/**
 * A phone in the browser. Whoever can open this address may place calls, so the page carries a key of its own instead of
 * the account's token; other sites cannot read it, since they are of another origin.
 */
export function phonePage({ appUrl, lines }: Network): PhonePage {
  const key = randomBytes(24).toString('base64url');
  // In a script element "<" could end it.
  const given = JSON.stringify({ key, appUrl: appUrl.origin, lines }).replaceAll('<', '\\u003c');

  return {
    authorization: `Bearer ${key}`,
    answer(url) {
      const path = url.pathname.slice(PHONE_PATH.length);
      if (path === '' || path === '/') {
        const body = beside('phone.html')
          .toString('utf8')
          .replace('{}', () => given);
        return { status: 200, headers: { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' }, body };
      }
      const file = FILES[path];
      if (file === undefined) return notFound(url);
      const [type, read] = file;
      return { status: 200, headers: { ...HEADERS, 'Content-Type': type }, body: read() };
    },
  };
}
