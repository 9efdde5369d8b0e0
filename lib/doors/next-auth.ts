/**
 * next-auth: the form of the session cookie, and its own way of signing in, for clients that speak it. It calls the same
 * use case as our form, which limits, checks and audits; next-auth's callback passes no door of ours.
 */
import { after, NextRequest } from 'next/server';
import NextAuth, { type AuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import { signIn } from '@/lib/accounts/sign-in/sign-in';
import { runJobs } from '@/lib/jobs/run-jobs';
import { env } from '@/lib/platform/env';
import { TooMany, Uncounted } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { handshakeCookieName, sessionCookieName, sessionLifetime } from '@/lib/rules/session';
import { notFromUs } from './another-site';
import { readBody } from './body';
import { captchaField } from './fields';
import { guestDesk } from './guest';
import { isFromUs, originOf } from './origin';
import { refusalResponse } from './too-many';

/** What somebody may type to sign in. Bounds only: what is wrong with it is the use case's to say. */
export const signInForm = z.object({
  email: z.string().trim().min(1, 'Type your e-mail.').max(254, 'That is too long for an e-mail.'),
  password: z.string().min(1, 'Type your password.').max(1024, 'That is too long for a password.'),
  captcha: captchaField,
});

const cookie = (name: string) => ({
  name,
  options: { httpOnly: true, sameSite: 'lax', path: '/', secure: env().APP_URL.startsWith('https://') } as const,
});

/** @param limited is told of a limit that refused: next-auth would make a wrong password of it. */
const options = (limited: (error: unknown) => void): AuthOptions => ({
  secret: env().SECRET_KEY,
  session: { strategy: 'jwt', maxAge: sessionLifetime },
  pages: { signIn: '/sign-in' },
  cookies: {
    sessionToken: cookie(sessionCookieName(env().APP_URL)),
    csrfToken: cookie(handshakeCookieName(env().APP_URL, 'csrf')),
    callbackUrl: cookie(handshakeCookieName(env().APP_URL, 'callback')),
  },
  // Its own writes what was sent, line breaks included, to wherever the log goes.
  logger: {
    error: (code) => log.error({ event: 'next_auth.failed', reason: code.toLowerCase() }),
    warn: (code) => log.warn({ event: 'next_auth.warned', reason: code.toLowerCase() }),
    debug: () => undefined,
  },
  providers: [
    Credentials({
      credentials: { email: {}, password: {}, captcha: {} },
      async authorize(given, request) {
        const form = signInForm.safeParse(given);
        const headers = new Headers(
          Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)]),
        );
        if (!form.success) return null;
        try {
          const { sessionId } = await signIn(guestDesk(originOf(headers)), form.data);
          return { id: sessionId };
        } catch (error) {
          if (error instanceof TooMany || error instanceof Uncounted) limited(error);
          throw error;
        }
      },
    }),
  ],
  callbacks: {
    // Nothing about the person goes into the cookie: at sign-in the "user" is the id of the session's row.
    jwt: ({ token, user }) => (user ? { sid: user.id } : { sid: token.sid }),
    redirect: ({ url }) => ownAddress(url),
  },
});

/** An address of ours, else our first page: what comes after next-auth's sign-in is no other site, whatever was asked for. */
function ownAddress(url: string): string {
  const { APP_URL } = env();
  const address = URL.canParse(url, APP_URL) ? new URL(url, APP_URL) : null;
  return address?.origin === APP_URL ? address.href : APP_URL;
}

type Context = { params: Promise<{ nextauth: string[] }> };

/** Only what signing in needs: next-auth's `session` address would renew the cookie, which must end with the row. */
const served = new Set(['csrf', 'callback', 'providers']);

/** Bytes: an address, a password, a token. */
const largest = 16 * 1024;

export async function nextAuth(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  if (!served.has(nextauth[0] ?? '')) return new Response(null, { status: 404 });
  const url = new URL(request.url);
  const wanted = url.searchParams.get('callbackUrl');
  url.search = wanted === null ? '' : `?${new URLSearchParams({ callbackUrl: ownAddress(wanted) })}`;
  const understood =
    request.method === 'POST' ? await readPost(request, url) : new NextRequest(url, { headers: request.headers });
  if (understood instanceof Response) return understood;
  // Without it next-auth takes our address from `Host`, or from whatever a proxy says it was.
  process.env.NEXTAUTH_URL = env().APP_URL;
  after(runJobs); // a wrong password may want a mail
  let limit: unknown;
  const response = await NextAuth(options((error) => (limit = error)))(understood, context);
  response.headers.set('Cache-Control', 'no-store');
  return limit ? refusalResponse(limit) : response;
}

/** The same request with nothing in its body but texts, each once; or why it goes no further. */
async function readPost(request: NextRequest, url: URL): Promise<NextRequest | Response> {
  if (!isFromUs(request.headers)) return notFromUs();
  const body = await readBody(request, largest);
  if (body === null) return plain(413, 'Too large.');
  const type = request.headers.get('content-type') ?? '';
  const fields = type.startsWith('application/json')
    ? readJson(body.toString('utf8'))
    : type.startsWith('application/x-www-form-urlencoded')
      ? Object.fromEntries(new URLSearchParams(body.toString('utf8')))
      : null;
  if (fields === null) return plain(400, 'This is no form of ours.');
  const headers = new Headers(request.headers);
  headers.delete('content-length');
  headers.set('content-type', 'application/x-www-form-urlencoded');
  const sound = { ...fields, ...(fields.callbackUrl && { callbackUrl: ownAddress(fields.callbackUrl) }) };
  return new NextRequest(url, { method: 'POST', headers, body: new URLSearchParams(sound).toString() });
}

function readJson(text: string): Record<string, string> | null {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const plain = (status: number, text: string) =>
  new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  });
