/** The cookie between the password and the code: an encrypted id of a row in `pending_sign_ins`, and no session. */
import { cookies } from 'next/headers';
import { decode, encode } from 'next-auth/jwt';
import { env } from '@/lib/platform/env';
import { pendingMinutes } from '@/lib/rules/second-factor';
import { pendingCookieName } from '@/lib/rules/session';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A key of its own: what was made for one cookie is nothing in the other. */
const salt = 'pending sign-in';
const maxAge = pendingMinutes * 60;

/** The id that the visitor's cookie carries, or `null` where there is none that we made. */
export async function readPendingCookie(): Promise<string | null> {
  const token = (await cookies()).get(pendingCookieName(env().APP_URL))?.value;
  if (!token) return null;
  const claims = await decode({ token, secret: env().SECRET_KEY, salt }).catch(() => null);
  return typeof claims?.pid === 'string' && uuid.test(claims.pid) ? claims.pid : null;
}

export async function writePendingCookie(id: string): Promise<void> {
  const token = await encode({ token: { pid: id }, secret: env().SECRET_KEY, maxAge, salt });
  (await cookies()).set(pendingCookieName(env().APP_URL), token, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: env().APP_URL.startsWith('https://'),
    maxAge,
  });
}

/** Written, not deleted: `__Host-` cookies are only replaced by one with all of the same attributes. */
export async function clearPendingCookie(): Promise<void> {
  (await cookies()).set(pendingCookieName(env().APP_URL), '', {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: env().APP_URL.startsWith('https://'),
    maxAge: 0,
  });
}
