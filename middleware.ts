/**
 * Headers for every page, and a shortcut to sign-in for people without a session cookie. It decides nothing: who may do
 * what is checked behind the doors, and a test empties this file and finds the same answers.
 */
import { type NextRequest, NextResponse } from 'next/server';
import { tooManyPath, waitOf } from '@/lib/rules/limits';
import { contentSecurityPolicy } from '@/lib/rules/security-headers';
import { sessionCookieName } from '@/lib/rules/session';

const signedInAreas = /^\/(?:dashboard|account|admin)(?:\/|$)/;

export function middleware(request: NextRequest): NextResponse {
  const appUrl = process.env.APP_URL ?? request.nextUrl.origin;
  const { pathname, search } = request.nextUrl;
  if (appUrl.startsWith('https://') && request.headers.get('x-forwarded-proto') === 'http') {
    return NextResponse.redirect(new URL(`${pathname}${search}`, appUrl), 308);
  }
  if (signedInAreas.test(pathname) && !request.cookies.has(sessionCookieName(appUrl))) {
    return NextResponse.redirect(new URL(`/sign-in?next=${encodeURIComponent(pathname + search)}`, appUrl));
  }
  const policy = contentSecurityPolicy(Buffer.from(crypto.randomUUID()).toString('base64'), {
    development: process.env.NODE_ENV === 'development',
    https: appUrl.startsWith('https://'),
  });
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy); // Next reads the nonce from the request
  headers.set('x-aftercallpro-path', `${pathname}${search}`);
  const isTooMany = pathname === tooManyPath;
  // A page cannot set its own status. Who is sent there was refused by a door.
  const response = NextResponse.next({ request: { headers }, ...(isTooMany && { status: 429 }) });
  if (isTooMany) response.headers.set('retry-after', String(waitOf(request.nextUrl.searchParams.get('wait'))));
  response.headers.set('content-security-policy', policy);
  return response;
}

// Webhooks, jobs and static files need no page policy; their headers come from next.config.mjs.
export const config = {
  runtime: 'nodejs',
  matcher: ['/((?!api/|_next/static|_next/image|favicon.ico|icon.svg|fallback).*)'],
};
