/**
 * The session cookie: next-auth's encrypted token with nothing in it but the id of a row in `sessions`. The row decides;
 * the cookie lives 12 hours and is not renewed.
 */
import { cookies } from 'next/headers';
import { decode, encode } from 'next-auth/jwt';
import { env } from '@/lib/platform/env';
import { sessionCookieName, sessionLifetime } from '@/lib/rules/session';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id that the visitor's cookie carries, or `null` where there is none that we made. */
export async function readSessionCookie(): Promise<string | null> {
  const token = (await cookies()).get(sessionCookieName(env().APP_URL))?.value;
  if (!token) return null;
  // A cookie that somebody else made, or that was made with another secret, is no cookie.
  const claims = await decode({ token, secret: env().SECRET_KEY }).catch(() => null);
  return typeof claims?.sid === 'string' && uuid.test(claims.sid) ? claims.sid : null;
}

export async function writeSessionCookie(sessionId: string): Promise<void> {
  const token = await encode({ token: { sid: sessionId }, secret: env().SECRET_KEY, maxAge: sessionLifetime });
  (await cookies()).set(sessionCookieName(env().APP_URL), token, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: env().APP_URL.startsWith('https://'),
    maxAge: sessionLifetime,
  });
}

export async function clearSessionCookie(): Promise<void> {
  const { APP_URL } = env();
  // Without `Secure` a browser would take this for somebody else's word about a `__Host-` cookie, and keep it.
  (await cookies()).delete({ name: sessionCookieName(APP_URL), path: '/', secure: APP_URL.startsWith('https://') });
}
