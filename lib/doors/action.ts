/** The door for everything a person changes: server actions behind plain forms, which work before JavaScript arrives. */
import { revalidatePath } from 'next/cache';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { after } from 'next/server';
import type { z } from 'zod';
import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { runJobs } from '@/lib/jobs/run-jobs';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { now } from '@/lib/platform/clock';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import type { AuditEntry, Visit } from '@/lib/platform/visit';
import type { ClockJobName } from '@/lib/rules/clock-jobs';
import type { FormState } from '@/lib/rules/form-state';
import type { Permission, Requirement, Role } from '@/lib/rules/permissions';
import { readDeviceCookie, writeDeviceCookie } from './device-cookie';
import { guestDesk } from './guest';
import { isFromUs, originOf } from './origin';
import { clearPendingCookie, readPendingCookie, writePendingCookie } from './pending-cookie';
import { asPerson, type Conditions, entryOf, traceDenial, type Visitor } from './person';
import { clearSessionCookie, writeSessionCookie } from './session-cookie';
import { countGuest, waitSentence } from './too-many';

type Done = {
  /** A sentence for the person, where they stay on the page. */
  readonly message?: string;
  /** Shown to the person and nowhere kept. */
  readonly once?: readonly string[];
  readonly revalidate?: readonly string[];
  readonly redirect?: string;
  readonly signOut?: true;
  /** A job of the clock that begins behind the answer; how it goes stands at /admin/jobs. */
  readonly starts?: ClockJobName;
};

/** Where a change begins a session, or goes on in a new one: the browser carries its id from then on. */
type DoneWithSession = Done & { readonly sessionId?: string };

/**
 * A change: who may make it, what the form must hold, the use case, and what follows. The change and its audit entry
 * share a transaction; a use case that recorded none is refused, and nothing of it stays.
 */
export function action<T, I, P extends Permission = never, R extends Role = never>(
  spec: Requirement<P, R> & {
    readonly input: z.ZodType<I>;
    /** Only for a session that proved itself a short while ago; else the form says where to do that. */
    readonly recent?: true;
    /** Also for who must set up a second factor before anything else. */
    readonly beforeSecondFactor?: true;
    readonly run: (visit: Visit<Visitor<P, R>>, input: I) => Promise<T>;
    readonly done: (result: T) => Done;
  },
) {
  return async function perform(_previous: FormState, form: FormData): Promise<FormState> {
    const values = scalars(form);
    if (!(await cameFromUs())) {
      await traceDenial(spec, now(), values, 'another site');
      return refused('This form was sent from another site. Nothing has changed.');
    }
    const parsed = spec.input.safeParse(values);
    let done: Done;
    after(runJobs); // behind the answer, also where that is a refusal: a wrong password may want a mail
    try {
      const change = async (visit: Visit<Visitor<P, R>>) => {
        if (!parsed.success) {
          // Who is asking comes first: a stranger learns nothing about the form.
          visit.record(entryOf('request.fail', spec, 'invalid'));
          return null;
        }
        let recorded = 0;
        const record = (entry: AuditEntry) => {
          recorded += 1;
          visit.record(entry);
        };
        const result = await spec.run({ ...visit, record }, parsed.data);
        if (recorded === 0) throw new Error('a change without an audit entry');
        return { result };
      };
      const outcome = await asPerson<{ result: T } | null, P, R>(spec, now(), values, change, conditionsOf(spec));
      if (outcome.kind === 'signed out')
        return refused('You have been signed out. Sign in again; nothing has changed.', values);
      if (outcome.kind === 'not recent') return askToConfirm(values);
      if (outcome.kind === 'no second factor') return refused(needsSecondFactor, values);
      if (outcome.kind === 'forbidden') return refused('This is not yours to change. Nothing has changed.', values);
      if (outcome.kind === 'not found') return refused('This is no longer here. Nothing has changed.', values);
      if (!parsed.success)
        return { ok: false, message: 'Please check what is marked.', errors: fieldErrors(parsed.error), values };
      if (!outcome.result) throw new Error('a form that was right went nowhere');
      done = spec.done(outcome.result.result);
    } catch (error) {
      return failed(error, values);
    }
    return follow(done);
  };
}

/**
 * A change that takes a password or a code. Such a secret is counted, checked and hashed between short transactions, so
 * the use case gets a desk that opens them; it records each of its changes itself.
 */
export function secretAction<I, T>(spec: {
  readonly requireAuth: true;
  readonly input: z.ZodType<I>;
  /** Only for a session that proved itself a short while ago; else the form says where to do that. */
  readonly recent?: true;
  /** Also for who must set up a second factor before anything else. */
  readonly beforeSecondFactor?: true;
  readonly run: (desk: PersonDesk, input: I) => Promise<T>;
  readonly done: (result: T, input: I) => DoneWithSession;
  /** Fields that are sent back with an error, so that they need not be typed again. Never a password or a code. */
  readonly keep: readonly string[];
}) {
  return async function perform(_previous: FormState, form: FormData): Promise<FormState> {
    const all = scalars(form);
    const values = kept(all, spec.keep);
    if (!(await cameFromUs())) {
      await traceDenial(spec, now(), {}, 'another site');
      return refused('This form was sent from another site. Nothing has changed.');
    }
    const parsed = spec.input.safeParse(all);
    let done: DoneWithSession;
    after(runJobs); // behind the answer, also where that is a refusal: a wrong password may want a mail
    try {
      const outcome = await asPerson(spec, now(), {}, async () => null, conditionsOf(spec));
      if (outcome.kind === 'signed out')
        return refused('You have been signed out. Sign in again; nothing has changed.', values);
      if (outcome.kind === 'not recent') return askToConfirm(values);
      if (outcome.kind === 'no second factor') return refused(needsSecondFactor, values);
      if (outcome.kind !== 'done') return refused('This is not yours to change. Nothing has changed.', values);
      if (!parsed.success)
        return { ok: false, message: 'Please check what is marked.', errors: fieldErrors(parsed.error), values };
      const desk = { ...guestDesk(originOf(await headers()), await readDeviceCookie()), viewer: outcome.viewer };
      done = spec.done(await spec.run(desk, parsed.data), parsed.data);
      if (done.sessionId !== undefined) await writeSessionCookie(done.sessionId);
    } catch (error) {
      return failed(error, values);
    }
    return follow(done);
  };
}

/** An action before sign-in. Where it begins a session, `done` says which, and which browser is known from then on. */
export function guestAction<I, T>(spec: {
  readonly input: z.ZodType<I>;
  /** `anonymous`: each form that is right in itself counts as work asked for. `own`: the use case counts in its own way. */
  readonly limit: 'anonymous' | 'own';
  /** `pendingId`: the sign-in of this browser that waits for a code, where there is one. */
  readonly run: (desk: GuestDesk, input: I, pendingId: string | null) => Promise<T>;
  readonly done: (
    result: T,
    input: I,
  ) => DoneWithSession & { readonly deviceId?: string | null; readonly pendingId?: string };
  /** Fields that are sent back with an error, so that they need not be typed again. Never a password. */
  readonly keep: readonly string[];
}) {
  return async function perform(_previous: FormState, form: FormData): Promise<FormState> {
    if (!(await cameFromUs())) return refused('This form was sent from another site.');
    const all = scalars(form);
    const values = kept(all, spec.keep);
    const parsed = spec.input.safeParse(all);
    if (!parsed.success)
      return { ok: false, message: 'Please check what is marked.', errors: fieldErrors(parsed.error), values };
    let done: Done;
    after(runJobs); // behind the answer, also where that is a refusal: a wrong password may want a mail
    try {
      const desk = guestDesk(originOf(await headers()), await readDeviceCookie());
      if (spec.limit === 'anonymous') await countGuest(desk);
      const result = await spec.run(desk, parsed.data, await readPendingCookie());
      const { sessionId, deviceId, pendingId, ...rest } = spec.done(result, parsed.data);
      if (pendingId !== undefined) await writePendingCookie(pendingId);
      if (sessionId !== undefined) {
        await writeSessionCookie(sessionId);
        await clearPendingCookie();
      }
      if (deviceId) await writeDeviceCookie(deviceId);
      done = rest;
    } catch (error) {
      return failed(error, values);
    }
    return follow(done);
  };
}

/** What comes after a change that was made. */
async function follow(done: Done): Promise<FormState> {
  if (done.signOut) await clearSessionCookie();
  for (const path of done.revalidate ?? []) revalidatePath(path);
  const { starts } = done;
  if (starts) after(() => startClockJob(starts).catch(() => undefined)); // it is written down, and the operator is told
  if (done.redirect) redirect(done.redirect);
  return { ok: true, message: done.message, ...(done.once && { once: done.once }) };
}

/** The middleware has answered 403 to all others; here it is decided. */
const cameFromUs = async (): Promise<boolean> => isFromUs(await headers());

const refused = (message: string, values: Record<string, string> = {}): FormState => ({ ok: false, message, values });

const conditionsOf = ({ recent, beforeSecondFactor }: Conditions): Conditions => ({ recent, beforeSecondFactor });

const needsSecondFactor =
  'This now takes a second factor, and your account has none. Set it up in another tab, under Account and Security, and send this again. Nothing has changed.';

/** The same form goes through once this is done, so it stays as it is. */
async function askToConfirm(values: Record<string, string>): Promise<FormState> {
  const message = 'This takes a fresh proof that it is you. Nothing has changed yet.';
  return { ok: false, message, values, confirm: (await headers()).get('x-aftercallpro-path') ?? '' };
}

function failed(error: unknown, values: Record<string, string>): FormState {
  if (error instanceof Refusal) return { ok: false, message: error.message, errors: error.fields, values };
  if (error instanceof TooMany) return refused(waitSentence(error.retryAfter), values);
  log.error({ event: 'action.failed', error });
  return refused('We could not save this. Nothing has changed. Try again in a moment.', values);
}

/** Strings only: a file where text belongs is no text, and an object cannot come through a form. */
const scalars = (form: FormData): Record<string, string> =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      typeof value === 'string' && !name.startsWith('$ACTION') ? [[name, value]] : [],
    ),
  );

const kept = (values: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? '']));

function fieldErrors(error: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of error.issues) errors[issue.path.join('.')] ??= issue.message;
  return errors;
}
