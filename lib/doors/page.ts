/** The door for everything a signed-in person looks at: pages, and downloads such as a recording. */
import { headers } from 'next/headers';
import { forbidden, notFound, redirect } from 'next/navigation';
import { connection, type NextRequest } from 'next/server';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { type Frame, loadFrame } from '@/lib/accounts/load-frame';
import { readPending } from '@/lib/accounts/second-factor/pass-second-factor';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { now } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { NotFound, TooMany } from '@/lib/platform/errors';
import type { Person, Visit } from '@/lib/platform/visit';
import { pathAfterSignIn } from '@/lib/rules/landing';
import { tooManyAddress } from '@/lib/rules/limits';
import type { Permission, Requirement, Role } from '@/lib/rules/permissions';
import { confirmIdentityAddress, setUpAddress } from '@/lib/rules/session';
import { guestDesk } from './guest';
import { originOf } from './origin';
import { readPendingCookie } from './pending-cookie';
import { type Again, asPerson, type Visitor } from './person';
import { countGuest, refusalResponse } from './too-many';

type Query = Readonly<Record<string, string | string[] | undefined>>;
type PageProps = { readonly params: Promise<Query>; readonly searchParams: Promise<Query> };

/** What a page has before it renders. */
type Loaded<I, T> = { readonly input: I; readonly data: T; readonly frame: Frame };
type Load<V extends Person, I, T> = (visit: Visit<V>, input: I) => Promise<T>;

/**
 * A page: what it asks of a visitor (exactly one of requireAuth, requireRole and requirePermission), what its address may
 * say, the use case that loads it, and what it looks like. The data and the frame around it are loaded and the transaction
 * over before anything renders.
 *
 * Nobody signed in: to the sign-in page. Too long ago for it: to /confirm-identity, and back. Not theirs to see: 403. Unknown, foreign or malformed id: 404.
 * Too often: to the page that answers 429, since a page that Next renders cannot answer it itself.
 */
export function page<T, P extends Permission = never, R extends Role = never, I = Record<never, never>>(
  spec: Requirement<P, R> & {
    readonly input?: z.ZodType<I>;
    /** Only for a session that proved itself a short while ago. */
    readonly recent?: true;
    /** Also for who must set up a second factor before anything else; everything else leads them there. */
    readonly beforeSecondFactor?: true;
    readonly load: Load<Visitor<P, R>, I, T>;
    readonly render: (shown: {
      readonly data: T;
      readonly input: I;
      readonly viewer: Person;
      readonly frame: Frame;
    }) => ReactNode;
  },
) {
  return async function Page({ params, searchParams }: PageProps): Promise<ReactNode> {
    await connection();
    const asked = { ...(await searchParams), ...(await params) };
    const look = async (visit: Visit<Visitor<P, R>>) => {
      const input = parse(spec.input, asked);
      return { input, data: await spec.load(visit, input), frame: await loadFrame(visit) };
    };
    const { recent, beforeSecondFactor } = spec;
    const conditions = { recent, beforeSecondFactor };
    const outcome = await asPerson<Loaded<I, T>, P, R>(spec, now(), asked, look, conditions).catch(leaveIfTooMany);
    if (outcome.kind === 'signed out') redirect(await signIn());
    if (outcome.kind === 'no second factor') redirect(setUpAddress(await pathAsked()));
    if (outcome.kind === 'not recent') redirect(confirmIdentityAddress(await pathAsked()));
    if (outcome.kind === 'forbidden') forbidden();
    if (outcome.kind === 'not found') notFound();
    return spec.render({ ...outcome.result, viewer: outcome.viewer });
  };
}

/**
 * A page for somebody who is not signed in, behind a link that was sent by mail or on the way to one. Its use case only
 * looks: nothing is changed by opening a page.
 */
export function guestPage<I, T>(spec: {
  readonly input: z.ZodType<I>;
  readonly load: (desk: GuestDesk, input: I) => Promise<T>;
  readonly render: (shown: { readonly data: T; readonly input: I }) => ReactNode;
}) {
  return async function Page({ params, searchParams }: PageProps): Promise<ReactNode> {
    await connection();
    const input = readAddress(spec.input, { ...(await searchParams), ...(await params) });
    const data = await spec.load(guestDesk(originOf(await headers())), input);
    return spec.render({ data, input });
  };
}

/**
 * A page for whoever opens a link that was sent by mail, signed in or not: what it shows depends on who that is. Its use
 * case only looks.
 */
export function visitorPage<I, T>(spec: {
  readonly input: z.ZodType<I>;
  readonly load: (desk: GuestDesk, input: I, viewer: Person | null) => Promise<T>;
  readonly render: (shown: { readonly data: T; readonly input: I; readonly viewer: Person | null }) => ReactNode;
}) {
  return async function Page({ params, searchParams }: PageProps): Promise<ReactNode> {
    await connection();
    const input = readAddress(spec.input, { ...(await searchParams), ...(await params) });
    const outcome = await asPerson({ requireAuth: true }, now(), {}, async () => null).catch(leaveIfTooMany);
    const viewer = outcome.kind === 'done' ? outcome.viewer : null;
    const data = await spec.load(guestDesk(originOf(await headers())), input, viewer);
    return spec.render({ data, input, viewer });
  };
}

/**
 * The sign-in page: whoever is signed in already goes on to where signing in leads, `next` where it is open to them.
 * `after` names what was done on the way here.
 */
export function signInPage<T>(spec: {
  readonly load: (desk: GuestDesk) => Promise<T>;
  readonly render: (shown: { readonly data: T; readonly next: string; readonly after: string }) => ReactNode;
}) {
  return async function Page({ searchParams }: PageProps): Promise<ReactNode> {
    await connection();
    const query = await searchParams;
    const next = [query.next].flat()[0] ?? '';
    const outcome = await whoIsHere();
    if (outcome.kind === 'done') redirect(pathAfterSignIn(next, outcome.viewer.role));
    const data = await spec.load(guestDesk(originOf(await headers())));
    return spec.render({ data, next, after: [query.after].flat()[0] ?? '' });
  };
}

/** Whoever is signed in, also where they may do nothing yet but set up a second factor. */
const whoIsHere = () =>
  asPerson({ requireAuth: true }, now(), {}, async () => null, { beforeSecondFactor: true }).catch(leaveIfTooMany);

/**
 * The page that asks for a code, after the right password: with nothing that waits for one, back to the sign-in page.
 * Whoever is signed in already goes on as from there.
 */
export function secondStepPage(spec: {
  readonly render: (shown: { readonly next: string; readonly query: Readonly<Record<string, string>> }) => ReactNode;
}) {
  return async function Page({ searchParams }: PageProps): Promise<ReactNode> {
    await connection();
    const query = scalarsOf(await searchParams);
    const next = query.next ?? '';
    const outcome = await whoIsHere();
    if (outcome.kind === 'done') redirect(pathAfterSignIn(next, outcome.viewer.role));
    const waits = await readPending(guestDesk(originOf(await headers())), await readPendingCookie());
    if (!waits) redirect(`/sign-in?after=waited${next === '' ? '' : `&next=${encodeURIComponent(next)}`}`);
    return spec.render({ next, query });
  };
}

/**
 * A GET handler for signed-in people, with the same checks and plain answers: 401, 403, 404, 429. Too long ago for it: to
 * /confirm-identity, and from there back to the page with the link.
 */
export function download<T, I, P extends Permission = never, R extends Role = never>(
  spec: Requirement<P, R> & {
    readonly input: z.ZodType<I>;
    /** Only for a session that proved itself a short while ago. */
    readonly recent?: true;
    readonly load: Load<Visitor<P, R>, I, T>;
    /** Runs after the transaction: this is the place to read from the store, or to enter again for more. */
    readonly respond: (found: T, request: NextRequest, again: Again<Visitor<P, R>>) => Promise<Response>;
  },
) {
  return async function GET(request: NextRequest, { params }: { params: Promise<Query> }): Promise<Response> {
    const asked = { ...Object.fromEntries(request.nextUrl.searchParams), ...(await params) };
    const { recent } = spec;
    const load = async (visit: Visit<Visitor<P, R>>) => spec.load(visit, parse(spec.input, asked));
    const outcome = await asPerson<T, P, R>(spec, now(), asked, load, { recent }).catch(refusalResponse);
    if (outcome instanceof Response) return outcome;
    if (outcome.kind === 'signed out') return plain(401, 'Sign in first.');
    if (outcome.kind === 'no second factor') return plain(403, 'Set up your second factor first.');
    if (outcome.kind === 'not recent') return seeOther(confirmIdentityAddress(pageOfLink(request)));
    if (outcome.kind === 'forbidden') return plain(403, 'This is not yours to open.');
    if (outcome.kind === 'not found') return plain(404, 'There is nothing here.');
    return spec.respond(outcome.result, request, outcome.again);
  };
}

/** A whole address, and ours: behind a proxy the request does not know it. */
const seeOther = (path: string) =>
  new Response(null, {
    status: 303,
    headers: { Location: `${env().APP_URL}${path}`, 'Cache-Control': 'no-store' },
  });

/** The page of ours whose link asked for a file. */
function pageOfLink({ headers: given }: NextRequest): string {
  const from = given.get('referer') ?? '';
  const { origin, pathname, search } = URL.canParse(from) ? new URL(from) : new URL(env().APP_URL);
  return origin === env().APP_URL ? `${pathname}${search}` : '';
}

/** A GET handler for anybody, which gives data as JSON. Each request counts as work asked for: 429 when it is too much. */
export function guestAnswer<T>(spec: { readonly load: (desk: GuestDesk) => Promise<T> }) {
  return async function GET(request: NextRequest): Promise<Response> {
    const desk = guestDesk(originOf(request.headers));
    try {
      await countGuest(desk);
    } catch (error) {
      return refusalResponse(error);
    }
    return Response.json(await spec.load(desk), { headers: { 'Cache-Control': 'no-store' } });
  };
}

const plain = (status: number, text: string) =>
  new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  });

function leaveIfTooMany(error: unknown): never {
  if (error instanceof TooMany) redirect(tooManyAddress(error.retryAfter));
  throw error;
}

/**
 * Plain scalars only: of a parameter given twice the first counts.
 *
 * @throws NotFound for what is no address of ours.
 */
function parse<I>(schema: z.ZodType<I> | undefined, query: Query): I {
  if (!schema) return {} as I;
  const parsed = schema.safeParse(scalarsOf(query));
  if (!parsed.success) throw new NotFound();
  return parsed.data;
}

const scalarsOf = (query: Query): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) => {
      const [first] = [value].flat();
      return first === undefined ? [] : [[key, first]];
    }),
  );

/** The same for a page that has nobody to deny it to: what is no address of ours is 404. */
function readAddress<I>(schema: z.ZodType<I>, query: Query): I {
  try {
    return parse(schema, query);
  } catch {
    notFound();
  }
}

/** The sign-in page, and back to where they were going. The middleware says which page that is. */
async function signIn(): Promise<string> {
  const path = await pathAsked();
  return path ? `/sign-in?next=${encodeURIComponent(path)}` : '/sign-in';
}

/** The middleware says which page was asked for. Where it does not, nobody knows the way back. */
const pathAsked = async (): Promise<string> => (await headers()).get('x-aftercallpro-path') ?? '';
