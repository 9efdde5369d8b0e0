/**
 * next-auth: the form of the session cookie, and its own way of signing in, for clients that speak it. It calls the same
 * use case as our form, which limits, checks and audits; next-auth's callback passes no door of ours.
 */
import { after } from 'next/server';
import NextAuth, { type AuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import { signIn } from '@/lib/accounts/sign-in';
import { runJobs } from '@/lib/jobs/run-jobs';
import { env } from '@/lib/platform/env';
import { TooMany, Uncounted } from '@/lib/platform/errors';
import { sessionCookieName, sessionLifetime } from '@/lib/rules/session';
import { guestDesk } from './guest';
import { originOf } from './origin';
import { refusalResponse } from './too-many';

/** What somebody may type to sign in. Bounds only: what is wrong with it is the use case's to say. */
export const signInForm = z.object({
  email: z.string().trim().min(1, 'Type your e-mail.').max(254, 'That is too long for an e-mail.'),
  password: z.string().min(1, 'Type your password.').max(1024, 'That is too long for a password.'),
});

/** @param limited is told of a limit that refused: next-auth would make a wrong password of it. */
const options = (limited: (error: unknown) => void): AuthOptions => ({
  secret: env().SECRET_KEY,
  session: { strategy: 'jwt', maxAge: sessionLifetime },
  pages: { signIn: '/sign-in' },
  cookies: {
    sessionToken: {
      name: sessionCookieName(env().APP_URL),
      options: { httpOnly: true, sameSite: 'lax', path: '/', secure: env().APP_URL.startsWith('https://') },
    },
  },
  providers: [
    Credentials({
      credentials: { email: {}, password: {} },
      async authorize(given, request) {
        const form = signInForm.safeParse(given);
        const headers = new Headers(
          Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)]),
        );
        if (!form.success || headers.get('origin') !== env().APP_URL) return null;
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
  },
});

type Context = { params: Promise<{ nextauth: string[] }> };

/** Only what signing in needs: next-auth's `session` address would renew the cookie, which must end with the row. */
const served = new Set(['csrf', 'callback', 'providers']);

export async function nextAuth(request: Request, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  if (!served.has(nextauth[0] ?? '')) return new Response(null, { status: 404 });
  after(runJobs); // a wrong password may want a mail
  let limit: unknown;
  const response = await NextAuth(options((error) => (limit = error)))(request, context);
  return limit ? refusalResponse(limit) : response;
}
