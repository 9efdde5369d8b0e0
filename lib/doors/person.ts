/** What the page door and the action door share: who is asking, whether they may, and the trace of what came to nothing. */
import { cookies, headers } from 'next/headers';
import { mayComeFrom } from '@/lib/platform/admin-networks';
import { now as clock } from '@/lib/platform/clock';
import { enterBySession } from '@/lib/platform/enter';
import { NotFound, Refusal, TooMany } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import type { AuditEntry, Member, Operator, Origin, Person, Visit } from '@/lib/platform/visit';
import {
  isGrantable,
  isPlatform,
  mayOpen,
  type Permission,
  type PlatformPermission,
  type Requirement,
  type Role,
  requirementInWord,
} from '@/lib/rules/permissions';
import { isRecent } from '@/lib/rules/session';
import { originOf } from './origin';
import { readSessionCookie } from './session-cookie';
import { countPerson } from './too-many';
import { tellOfUnopened } from './unopened';

/** What a door asks for decides what a use case behind it may count on. `never`: it asks for no permission, or no role. */
export type Visitor<P extends Permission, R extends Role> = [P] extends [never]
  ? [R] extends [never]
    ? Person
    : VisitorAs<R>
  : P extends PlatformPermission
    ? Operator
    : Member;
type VisitorAs<R extends Role> = R extends 'admin' ? Operator : R extends 'user' ? Person : Member;

/**
 * Enters once more, as the same person and with the same check, in a transaction of its own: for answers that are longer
 * than one transaction should be. Throws once the session has ended or the permission is gone.
 */
export type Again<V extends Person> = <T>(run: (visit: Visit<V>) => Promise<T>) => Promise<T>;

export type Outcome<V extends Person, T> =
  | { readonly kind: 'done'; readonly result: T; readonly viewer: Person; readonly again: Again<V> }
  | { readonly kind: 'signed out' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'not recent' }
  | { readonly kind: 'no second factor' }
  | { readonly kind: 'not found' };

class Forbidden extends Error {
  constructor(readonly reason: 'forbidden' | 'network') {
    super(reason);
  }
}
class NotRecent extends Error {}
class NoSecondFactor extends Error {}

/** A request of somebody who has a session: what their cookie says, where they are, and what they want to do. */
type Asking = {
  readonly sessionId: string;
  readonly origin: Origin;
  readonly required: Requirement;
  /** What the request named, for its trace. */
  readonly ids: readonly string[];
};

/** What a door asks for beside the permission. */
export type Conditions = {
  /** The session proved itself within the last ten minutes: at sign-in, or on /confirm-identity. */
  readonly recent?: true | undefined;
  /** Also for who must have a second factor first and has none: what it takes to set one up, and to leave. */
  readonly beforeSecondFactor?: true | undefined;
};

/**
 * Enters as the visitor, checks the permission, and runs the use case, all in one transaction. A denial or a failure is
 * written in a transaction of its own, since the one in which it happened is rolled back. The request is counted before:
 * no transaction is open while the limiter's store is asked.
 *
 * @param asked what came with the request. The ids in it go into the trace of a denial or a failure, and nothing else.
 * @throws TooMany, Uncounted, and whatever the use case throws.
 */
export async function asPerson<T, P extends Permission = never, R extends Role = never>(
  required: Requirement<P, R>,
  now: Date,
  asked: Asked,
  run: (visit: Visit<Visitor<P, R>>) => Promise<T>,
  conditions: Conditions = {},
): Promise<Outcome<Visitor<P, R>, T>> {
  const asking = await whoAsks(required, asked);
  if (!asking) return { kind: 'signed out' };
  const userId = await userOf(asking, now);
  if (!userId) return { kind: 'signed out' };
  await countPerson(userId, (entry) => recordAlone(asking, now, entry));
  try {
    const found = await enter(asking, now, run, conditions);
    if (!found) return { kind: 'signed out' };
    const again: Again<Visitor<P, R>> = async (more) => {
      const entered = await enter(asking, clock(), more, {}); // a long answer may outlast what was recent at its start
      if (!entered) throw new Error('the session has ended');
      return entered.result;
    };
    return { kind: 'done', ...found, again };
  } catch (error) {
    if (error instanceof Forbidden || error instanceof NotFound) {
      const kind = error instanceof Forbidden ? 'forbidden' : 'not found';
      await trace(asking, now, 'access.deny', error instanceof Forbidden ? error.reason : kind);
      return { kind };
    }
    if (error instanceof NotRecent) {
      await trace(asking, now, 'access.deny', 'not recent');
      return { kind: 'not recent' };
    }
    if (error instanceof NoSecondFactor) {
      await trace(asking, now, 'access.deny', 'no second factor yet');
      return { kind: 'no second factor' };
    }
    await tellOfUnopened(error);
    const reason = error instanceof Refusal ? 'refused' : error instanceof TooMany ? 'limited' : 'fault';
    // Where even this cannot be written, what went wrong first is what must be told.
    await trace(asking, now, 'request.fail', reason).catch((lost: unknown) =>
      log.error({ event: 'audit.lost', permission: requirementInWord(required), reason, error: lost }),
    );
    throw error;
  }
}

/** Writes down that something was refused to whoever is signed in, before anything was looked at. */
export async function traceDenial(required: Requirement, now: Date, asked: Asked, reason: string): Promise<void> {
  const asking = await whoAsks(required, asked);
  if (asking) await trace(asking, now, 'access.deny', reason);
}

type Asked = Readonly<Record<string, string | string[] | undefined>>;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function whoAsks(required: Requirement, asked: Asked): Promise<Asking | null> {
  await cookies(); // said before anything else: whatever comes from here is never prerendered
  const sessionId = await readSessionCookie();
  if (!sessionId) return null;
  const ids = Object.values(asked)
    .flat()
    .filter((value) => value !== undefined && uuid.test(value))
    .slice(0, 20);
  return { sessionId, origin: originOf(await headers()), required, ids: ids as string[] };
}

function enter<V extends Person, T>(
  { sessionId, origin, required }: Asking,
  now: Date,
  run: (visit: Visit<V>) => Promise<T>,
  { recent, beforeSecondFactor }: Conditions,
): Promise<{ readonly result: T; readonly viewer: Person } | null> {
  return enterBySession(
    sessionId,
    origin,
    now,
    async (visit, { reauthenticatedAt, lacksSecondFactor }) => {
      if (!mayComeFrom(visit.viewer.role, origin.ipAddress)) throw new Forbidden('network');
      if (lacksSecondFactor && !beforeSecondFactor) throw new NoSecondFactor();
      if (!may<V>(visit, required)) throw new Forbidden('forbidden');
      if (recent && !isRecent(reauthenticatedAt, now)) throw new NotRecent();
      return { result: await run(visit), viewer: visit.viewer };
    },
    isForOperator(required) ? 'operator' : isGrantable(required) ? 'grantee' : 'member',
  );
}

/** A role inside a business counts only where the database let the visitor into one. */
function may<V extends Person>(visit: Visit<Person>, required: Requirement): visit is Visit<V> {
  return mayOpen(visit.viewer, required) && (!needsBusiness(required) || visit.viewer.businessId !== null);
}

const isForOperator = ({ requirePermission, requireRole }: Requirement): boolean =>
  requirePermission === undefined ? requireRole === 'admin' : isPlatform(requirePermission);

const needsBusiness = (required: Requirement): boolean =>
  required.requireAuth !== true && required.requireRole !== 'user' && !isForOperator(required);

const trace = (asking: Asking, now: Date, action: AuditEntry['action'], reason: string): Promise<void> =>
  recordAlone(asking, now, entryOf(action, asking.required, reason, asking.ids));

async function recordAlone({ sessionId, origin }: Asking, now: Date, entry: AuditEntry): Promise<void> {
  await enterBySession(sessionId, origin, now, async (visit) => visit.record(entry));
}

/** Whose a session is never changes; whether it still opens anything is asked on every request. */
const users = new Map<string, string>();
const mostUsers = 10_000;

/** Whom to count. `null` where the session opens nothing. */
async function userOf({ sessionId, origin }: Asking, now: Date): Promise<string | null> {
  const known = users.get(sessionId);
  if (known) return known;
  const userId = await enterBySession(sessionId, origin, now, async ({ viewer }) => viewer.userId);
  if (!userId) return null;
  if (users.size >= mostUsers) users.clear();
  users.set(sessionId, userId);
  return userId;
}

/** What came to nothing, by what it would have taken to do it. */
export const entryOf = (
  action: AuditEntry['action'],
  required: Requirement,
  reason: string,
  ids: readonly string[] = [],
): AuditEntry => ({
  action,
  resourceType: 'permission',
  resourceId: requirementInWord(required),
  details: { reason, ...(ids.length > 0 && { ids }) },
});
