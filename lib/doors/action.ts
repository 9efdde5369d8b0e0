/** The door for everything a person changes: server actions behind plain forms, which work before JavaScript arrives. */
import { revalidatePath } from 'next/cache';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { after } from 'next/server';
import type { z } from 'zod';
import type { PersonDesk } from '@/lib/accounts/change-password';
import type { GuestDesk } from '@/lib/accounts/sign-in';
import { runJobs } from '@/lib/jobs/run-jobs';
import { now } from '@/lib/platform/clock';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import type { AuditEntry, Visit } from '@/lib/platform/visit';
import type { FormState } from '@/lib/rules/form-state';
import type { Permission } from '@/lib/rules/permissions';
import { readDeviceCookie, writeDeviceCookie } from './device-cookie';
import { guestDesk } from './guest';
import { isFromUs, originOf } from './origin';
import { asPerson, entryOf, traceDenial, type VisitorWith } from './person';
import { clearSessionCookie, writeSessionCookie } from './session-cookie';
import { countGuest, waitSentence } from './too-many';

type Done = {
  /** A sentence for the person, where they stay on the page. */
  readonly message?: string;
  readonly revalidate?: readonly string[];
  readonly redirect?: string;
  readonly signOut?: true;
};

/**
 * A change: who may make it, what the form must hold, the use case, and what follows. The change and its audit entry
 * share a transaction; a use case that recorded none is refused, and nothing of it stays.
 */
export function action<P extends Permission, T, I>(spec: {
  readonly permission: P;
  readonly input: z.ZodType<I>;
  readonly run: (visit: Visit<VisitorWith<P>>, input: I) => Promise<T>;
  readonly done: (result: T) => Done;
}) {
  return async function perform(_previous: FormState, form: FormData): Promise<FormState> {
    const values = scalars(form);
    if (!(await cameFromUs())) {
      await traceDenial(spec.permission, now(), values, 'another site');
      return refused('This form was sent from another site. Nothing has changed.');
    }
    const parsed = spec.input.safeParse(values);
    let done: Done;
    after(runJobs); // behind the answer, also where that is a refusal: a wrong password may want a mail
    try {
      const outcome = await asPerson(spec.permission, now(), values, async (visit) => {
        if (!parsed.success) {
          // Who is asking comes first: a stranger learns nothing about the form.
          visit.record(entryOf('request.fail', spec.permission, 'invalid'));
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
      });
      if (outcome.kind === 'signed out')
        return refused('You have been signed out. Sign in again; nothing has changed.', values);
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
  readonly permission: Extract<Permission, 'view_own_account'>;
  readonly input: z.ZodType<I>;
  readonly run: (desk: PersonDesk, input: I) => Promise<T>;
  readonly done: (result: T) => Done;
}) {
  return async function perform(_previous: FormState, form: FormData): Promise<FormState> {
    if (!(await cameFromUs())) {
      await traceDenial(spec.permission, now(), {}, 'another site');
      return refused('This form was sent from another site. Nothing has changed.');
    }
    const parsed = spec.input.safeParse(scalars(form));
    let done: Done;
    after(runJobs); // behind the answer, also where that is a refusal: a wrong password may want a mail
    try {
      const outcome = await asPerson(spec.permission, now(), {}, async () => null);
      if (outcome.kind === 'signed out')
        return refused('You have been signed out. Sign in again; nothing has changed.');
      if (outcome.kind !== 'done') return refused('This is not yours to change. Nothing has changed.');
      if (!parsed.success)
        return { ok: false, message: 'Please check what is marked.', errors: fieldErrors(parsed.error) };
      const desk = { ...guestDesk(originOf(await headers()), await readDeviceCookie()), viewer: outcome.viewer };
      done = spec.done(await spec.run(desk, parsed.data));
    } catch (error) {
      return failed(error, {});
    }
    return follow(done);
  };
}

/** An action before sign-in. Where it begins a session, `done` says which, and which browser is known from then on. */
export function guestAction<I, T>(spec: {
  readonly input: z.ZodType<I>;
  /** `anonymous`: each form that is right in itself counts as work asked for. `own`: the use case counts in its own way. */
  readonly limit: 'anonymous' | 'own';
  readonly run: (desk: GuestDesk, input: I) => Promise<T>;
  readonly done: (result: T, input: I) => Done & { readonly sessionId?: string; readonly deviceId?: string | null };
  /** Fields that are sent back with an error, so that they need not be typed again. Never a password. */
  readonly keep: readonly string[];
}) {
  return async function perform(_previous: FormState, form: FormData): Promise<FormState> {
    if (!(await cameFromUs())) return refused('This form was sent from another site.');
    const all = scalars(form);
    const values = Object.fromEntries(spec.keep.map((name) => [name, all[name] ?? '']));
    const parsed = spec.input.safeParse(all);
    if (!parsed.success)
      return { ok: false, message: 'Please check what is marked.', errors: fieldErrors(parsed.error), values };
    let done: Done;
    after(runJobs); // behind the answer, also where that is a refusal: a wrong password may want a mail
    try {
      const desk = guestDesk(originOf(await headers()), await readDeviceCookie());
      if (spec.limit === 'anonymous') await countGuest(desk);
      const { sessionId, deviceId, ...rest } = spec.done(await spec.run(desk, parsed.data), parsed.data);
      if (sessionId !== undefined) await writeSessionCookie(sessionId);
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
  if (done.redirect) redirect(done.redirect);
  return { ok: true, message: done.message };
}

/** The middleware has answered 403 to all others; here it is decided. */
const cameFromUs = async (): Promise<boolean> => isFromUs(await headers());

const refused = (message: string, values: Record<string, string> = {}): FormState => ({ ok: false, message, values });

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

function fieldErrors(error: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of error.issues) errors[issue.path.join('.')] ??= issue.message;
  return errors;
}
