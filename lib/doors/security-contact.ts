/** Where somebody who has found a hole can say so (RFC 9116). */
import { now } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';

const day = 86_400_000;
/** RFC 9116 asks for less than a year. Counted from the day it is read, so that it never lies forgotten. */
const daysValid = 180;

/** GET /.well-known/security.txt */
export async function securityContact(): Promise<Response> {
  const { APP_URL, SECURITY_CONTACT } = env();
  // The mailbox that RFC 2142 names, where none is set.
  const contact = SECURITY_CONTACT ?? `mailto:security@${new URL(APP_URL).hostname}`;
  const today = Math.floor(now().getTime() / day) * day;
  const lines = [
    `Contact: ${contact}`,
    `Expires: ${new Date(today + daysValid * day).toISOString()}`,
    'Preferred-Languages: en',
    `Canonical: ${APP_URL}/.well-known/security.txt`,
  ];
  return new Response(`${lines.join('\n')}\n`, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'public, max-age=86400' },
  });
}
