/** What the page door and the action door share: who is asking, whether they may, and the trace of a refusal. */
import { cookies, headers } from 'next/headers';
import { enterBySession } from '@/lib/platform/enter';
import { NotFound } from '@/lib/platform/errors';
import type { AuditEntry, Member, Operator, Origin, Person, Visit } from '@/lib/platform/visit';
import { can, type Permission } from '@/lib/rules/permissions';
import { originOf } from './origin';
import { readSessionCookie } from './session-cookie';
import { countPerson } from './too-many';

/** Who holds a permission decides what a use case behind it may count on. */
export type VisitorWith<P extends Permission> = P extends 'view_platform'
  ? Operator
  : P extends 'view_own_account'
    ? Person
    : Member;

export type Outcome<T> =
  | { readonly kind: 'done'; readonly result: T; readonly viewer: Person }
  | { readonly kind: 'signed out' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'not found' };

class Forbidden extends Error {}

/**
 * Enters as the visitor, checks the permission, and runs the use case, all in one transaction. A denial is written in a
 * transaction of its own, since the one that denied is rolled back. The request is counted before: no transaction is open
 * while the limiter's store is asked.
 *
 * @throws TooMany, Uncounted, and whatever the use case throws.
 */
export async function asPerson<P extends Permission, T>(
  permission: P,
  now: Date,
  run: (visit: Visit<VisitorWith<P>>) => Promise<T>,
): Promise<Outcome<T>> {
  await cookies(); // said before anything else: whatever comes from here is never prerendered
  const sessionId = await readSessionCookie();
  if (!sessionId) return { kind: 'signed out' };
  const origin = originOf(await headers());
  const role = permission === 'view_platform' ? 'operator' : 'person';
  const record = (entry: AuditEntry) => recordAlone(sessionId, origin, now, entry);
  const userId = await userOf(sessionId, origin, now);
  if (!userId) return { kind: 'signed out' };
  await countPerson(userId, record);
  try {
    const found = await enterBySession(
      sessionId,
      origin,
      now,
      async (visit) => {
        if (!may(visit, permission)) throw new Forbidden();
        return { result: await run(visit), viewer: visit.viewer };
      },
      role,
    );
    return found ? { kind: 'done', ...found } : { kind: 'signed out' };
  } catch (error) {
    if (!(error instanceof Forbidden) && !(error instanceof NotFound)) throw error;
    const reason = error instanceof Forbidden ? 'forbidden' : 'not found';
    await record({ action: 'access.deny', resourceType: 'permission', resourceId: permission, details: { reason } });
    return { kind: reason };
  }
}

/** A role inside a business counts only where the database let the visitor into one. */
function may<P extends Permission>(visit: Visit<Person>, permission: P): visit is Visit<VisitorWith<P>> {
  const { role, businessId } = visit.viewer;
  const needsBusiness = permission !== 'view_platform' && permission !== 'view_own_account';
  return can(role, permission) && (!needsBusiness || businessId !== null);
}

async function recordAlone(sessionId: string, origin: Origin, now: Date, entry: AuditEntry): Promise<void> {
  await enterBySession(sessionId, origin, now, async (visit) => visit.record(entry));
}

/** Whose a session is never changes; whether it still opens anything is asked on every request. */
const users = new Map<string, string>();
const mostUsers = 10_000;

/** Whom to count. `null` where the session opens nothing. */
async function userOf(sessionId: string, origin: Origin, now: Date): Promise<string | null> {
  const known = users.get(sessionId);
  if (known) return known;
  const userId = await enterBySession(sessionId, origin, now, async ({ viewer }) => viewer.userId);
  if (!userId) return null;
  if (users.size >= mostUsers) users.clear();
  users.set(sessionId, userId);
  return userId;
}
