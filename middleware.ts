/**
 * Headers for every page, and a shortcut for what need not go any further: people without a session cookie, forms of other
 * sites, bodies that are none of ours. It decides nothing: who may do what is checked behind the doors, and a test empties
 * this file and finds the same answers.
 */
import { type NextRequest, NextResponse } from 'next/server';
import { isSoundForm, largestForm } from '@/lib/rules/form-body';
import { tooManyPath, waitOf } from '@/lib/rules/limits';
import { addressOn, contentSecurityPolicy, httpsAddress } from '@/lib/rules/security-headers';
import { sessionCookieName } from '@/lib/rules/session';

const signedInAreas = /^\/(?:dashboard|account|admin)(?:\/|$)/;

export async function middleware(request: NextRequest): Promise<NextResponse> {
  const appUrl = process.env.APP_URL ?? request.nextUrl.origin;
  const { pathname, search } = request.nextUrl;
  const https = httpsAddress({
    appUrl,
    trustedProxyHops: process.env.TRUSTED_PROXY_HOPS,
    forwardedProto: request.headers.get('x-forwarded-proto'),
    pathname,
    search,
  });
  if (https) return NextResponse.redirect(https, 308);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const refused = await refusal(request, appUrl);
    if (refused) return refused;
  }
  if (signedInAreas.test(pathname) && !request.cookies.has(sessionCookieName(appUrl))) {
    return NextResponse.redirect(addressOn(appUrl, '/sign-in', `?next=${encodeURIComponent(pathname + search)}`));
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

/** What is no form of ours, sent to a page; `null` where it may be one. Next would answer the most of it with 500. */
async function refusal(request: NextRequest, appUrl: string): Promise<NextResponse | null> {
  if (request.method !== 'POST')
    return plain(405, 'A page is only read, or sent a form.', { allow: 'GET, HEAD, POST' });
  if (request.headers.get('origin') !== appUrl) return NextResponse.rewrite(new URL('/api/another-site', request.url));
  const isFetch = request.headers.has('next-action');
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) return plain(415, 'Forms are sent as multipart/form-data.');
  const body = await request.arrayBuffer();
  if (body.byteLength > largestForm) return plain(413, 'Too large.');
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => null);
  return form && isSoundForm(form, isFetch) ? null : plain(400, 'This is no form of ours.');
}

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}) =>
  new NextResponse(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });

// Webhooks, jobs and static files need no page policy; their headers come from next.config.mjs.
export const config = {
  runtime: 'nodejs',
  matcher: ['/((?!api/|_next/static|_next/image|favicon.ico|icon.svg|fallback|.well-known/).*)'],
};
