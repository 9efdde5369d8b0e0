/** How long a session lasts and what its cookie is called. */

/** Seconds: 12 hours in all. The idle limit is `SESSION_TIMEOUT`; both stand in the session's row. */
export const sessionLifetime = 12 * 60 * 60;

/** A session that proved itself this many seconds ago may do what an unlocked screen must not give away (ASVS V7.5.1). */
export const recentSeconds = 10 * 60;

/** Whether a session proved itself a short while ago. `null`: it never did. */
export const isRecent = (reauthenticatedAt: Date | null, now: Date): boolean =>
  reauthenticatedAt !== null && now.getTime() - reauthenticatedAt.getTime() <= recentSeconds * 1000;

/** Where somebody who is signed in shows that it is still them; `next` is where they go from there. */
export const confirmIdentityAddress = (next: string): string =>
  next === '' ? '/confirm-identity' : `/confirm-identity?next=${encodeURIComponent(next)}`;

/** Where a second factor is set up; `next` is where they were going. */
export const setUpAddress = (next: string): string =>
  next === '' ? '/account/two-factor' : `/account/two-factor?next=${encodeURIComponent(next)}`;

/** The cookie that says which browser this is. */
export const deviceCookieName = (appUrl: string): string =>
  appUrl.startsWith('https://') ? '__Host-aftercallpro.device' : 'aftercallpro.device';

/** The cookie of a sign-in that waits for its code. */
export const pendingCookieName = (appUrl: string): string =>
  appUrl.startsWith('https://') ? '__Host-aftercallpro.pending' : 'aftercallpro.pending';

/** `__Host-` binds the cookie to this host and to HTTPS (RFC 6265bis §4.1.3); a browser refuses it over plain HTTP. */
export const sessionCookieName = (appUrl: string): string =>
  appUrl.startsWith('https://') ? '__Host-aftercallpro.session' : 'aftercallpro.session';

/** The two cookies that next-auth keeps while somebody signs in through its own address. */
export const handshakeCookieName = (appUrl: string, part: 'csrf' | 'callback'): string =>
  `${appUrl.startsWith('https://') ? '__Host-' : ''}aftercallpro.${part}`;
