/**
 * The device cookie: a random id that we signed, which stays for a year. It opens nothing. A browser that an account was
 * signed in from has tries of its own there, so that strangers cannot close an account to its owner by guessing.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { cookies } from 'next/headers';
import { env } from '@/lib/platform/env';
import { deviceDays } from '@/lib/rules/lockout';
import { deviceCookieName } from '@/lib/rules/session';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const signature = (id: string) => createHmac('sha256', env().SECRET_KEY).update(`device\0${id}`).digest();

/** The id in the visitor's cookie, or a new one where there is none that we signed. */
export async function readDeviceCookie(): Promise<string> {
  const [id = '', given = ''] = ((await cookies()).get(deviceCookieName(env().APP_URL))?.value ?? '').split('.');
  const code = Buffer.from(given, 'base64url');
  const isOurs = uuid.test(id) && code.length === 32 && timingSafeEqual(code, signature(id));
  return isOurs ? id : randomUUID();
}

export async function writeDeviceCookie(id: string): Promise<void> {
  (await cookies()).set(deviceCookieName(env().APP_URL), `${id}.${signature(id).toString('base64url')}`, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: env().APP_URL.startsWith('https://'),
    maxAge: deviceDays * 86_400,
  });
}
