/**
 * The ways into the database. Each opens one short transaction, whose first statement proves who is asking and enters
 * the role and the business that this gives; what is not entered stays invisible or denied (prisma/migrations/*_walls).
 *
 * A `Visit` can be made here alone, and only the doors and the job runner import this file (dependency-cruiser checks
 * it), so a use case that was not reached through a door does not compile.
 */
import { type Ask, briefly } from '@/lib/platform/brief';
import { now as clock, newId } from '@/lib/platform/clock';
import { database, ownedDatabase, type Tx } from '@/lib/platform/db';
import { type Sql, sql } from '@/lib/platform/sql';
import type { AuditEntry, Brief, Guest, Line, Origin, Person, System, Visit } from '@/lib/platform/visit';
import { roleInForce } from '@/lib/rules/permissions';

/** Milliseconds for one statement, between two statements, and for the transaction as a whole. */
type Limits = { readonly statement: number; readonly between: number; readonly whole: number };
/** Somebody in front of a screen would rather wait than be told to come again; for longer than that, rather be told. */
const patient: Limits = { statement: 5_000, between: 5_000, whole: 10_000 };
/** Milliseconds that they wait for a connection. */
const PATIENCE = 4_000;
/**
 * A caller is waiting: within the 1.5 s of a voice webhook the transaction must have ended, one way or the other, and half
 * a second may be gone until it has a connection.
 */
const spoken: Limits = { statement: 800, between: 800, whole: 900 };

class TooLate extends Error {
  override name = 'TooLate';
}

function transaction<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE + patient.whole;
  return database().prisma.$transaction(
    async (tx) => {
      const result = await run(tx);
      // Prisma's own timer may be late, and whoever waited has been told by now that it did not work.
      if (performance.now() > deadline) throw new TooLate('a transaction was done after its time');
      return result;
    },
    { maxWait: PATIENCE, timeout: patient.whole },
  );
}

type Viewer = Person | Line | Guest | System;
/** The server keeps these limits itself: where the network swallows our word, nothing stays locked, or is committed later. */
const quickly = ({ statement, between }: Limits) => sql`
  set_config('statement_timeout', ${String(statement)}, true),
  set_config('idle_in_transaction_session_timeout', ${String(between)}, true)`;

/** Runs a use case as a visit and writes what it recorded, in the same transaction: neither is there without the other. */
async function visit<V extends Viewer, T>(
  tx: Tx,
  viewer: V,
  from: Origin,
  now: Date,
  run: (visit: Visit<V>) => Promise<T>,
): Promise<T> {
  const ask: Ask = (statement) => tx.$queryRaw(statement);
  const { result, last } = await recorded(viewer, from, now, (record) =>
    run({ tx, ask, viewer, now, record } as Visit<V>),
  );
  if (last) await ask(last);
  return result;
}

/** What a use case came to, and, as the last statement of its transaction, what it recorded. */
async function recorded<T>(
  viewer: Viewer,
  from: Origin,
  now: Date,
  run: (record: Brief<Viewer>['record']) => Promise<T>,
): Promise<{ readonly result: T; readonly last?: Sql }> {
  const entries: AuditEntry[] = [];
  const result = await run((entry) => void entries.push(entry));
  return entries.length === 0 ? { result } : { result, last: writeEntries(entries, viewer, from, now) };
}

/** However many there are, one statement with the same text. */
function writeEntries(entries: readonly AuditEntry[], viewer: Viewer, { ipAddress, userAgent }: Origin, now: Date) {
  const actor = { userId: null, businessId: null, grantId: null, ...viewer };
  const rows = entries.map((entry) => ({
    id: newId(),
    business_id: actor.businessId ?? entry.businessId ?? null,
    user_id: actor.userId ?? entry.userId ?? null,
    action: entry.action,
    resource_type: entry.resourceType,
    resource_id: entry.resourceId ?? null,
    details: { ...entry.details, ...(actor.grantId !== null && { grant: actor.grantId }) },
  }));
  return sql`
    INSERT INTO audit_logs (id, business_id, user_id, action, resource_type, resource_id, ip_address, user_agent, details,
      timestamp)
    SELECT id, business_id, user_id, action, resource_type, resource_id, ${ipAddress}, ${userAgent}, details,
      ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS entry (id uuid, business_id uuid, user_id uuid, action text,
      resource_type text, resource_id text, details jsonb)`;
}

type Entered = {
  user_id: string;
  account_role: 'admin' | 'user';
  business_id: string | null;
  membership_role: 'business_owner' | 'staff' | null;
  reauthenticated_at: Date | null;
  grant_id: string | null;
  lacks_second_factor: boolean;
};

/** What else a session proves. */
export type Proof = {
  readonly reauthenticatedAt: Date | null;
  /** Must have a second factor here and has none: entered as a mere `user`, in no business, whatever they are else. */
  readonly lacksSecondFactor: boolean;
};

/** How a person enters the database: inside their business, on the platform, or, an admin, inside a business by a grant. */
export type Way = 'member' | 'operator' | 'grantee';

/**
 * A signed-in person, by the session that proves them. `operator` and `grantee` count for an admin alone, and the second
 * where their session holds a grant; everybody else enters as a member.
 *
 * @returns `null` where the session has ended, was revoked, or never was.
 */
export function enterBySession<T>(
  sessionId: string,
  from: Origin,
  now: Date,
  run: (visit: Visit<Person>, proof: Proof) => Promise<T>,
  way: Way = 'member',
): Promise<T | null> {
  return transaction(async (tx) => {
    const [found] = await tx.$queryRaw<Entered[]>`
      SELECT set_config('role', CASE WHEN g.grant_id IS NOT NULL THEN 'app_grantee'
          WHEN ${way === 'operator'} AND e.account_role = 'admin' THEN 'app_admin' ELSE 'app_viewer' END, true),
        ${quickly(patient)}, e.user_id, e.account_role, coalesce(g.business_id, e.business_id) AS business_id,
        e.membership_role, e.reauthenticated_at, e.lacks_second_factor, g.grant_id
      FROM enter_by_session(${sessionId}::uuid, ${now}) e
      LEFT JOIN LATERAL (SELECT * FROM enter_by_grant(${sessionId}::uuid, ${now})
        WHERE ${way === 'grantee'} AND e.account_role = 'admin') g ON true`;
    if (!found) return null;
    const role = roleInForce(found.account_role, found.membership_role);
    const person: Person = {
      userId: found.user_id,
      sessionId,
      role,
      businessId: found.business_id,
      grantId: found.grant_id,
    };
    const proof = { reauthenticatedAt: found.reauthenticated_at, lacksSecondFactor: found.lacks_second_factor };
    return visit(tx, person, from, now, (entered) => run(entered, proof));
  });
}

/** The business of a call that we have, or else of the number called. */
const enterBy = (callSid: string, called: string | null, limits: Limits) => sql`
  SELECT set_config('role', 'app_viewer', true), ${quickly(limits)}, business_id
  FROM (SELECT coalesce((SELECT business_id FROM enter_by_call(${callSid})),
    (SELECT business_id FROM enter_by_phone(${called}))) AS business_id) entered WHERE business_id IS NOT NULL`;

/**
 * Twilio, inside the business that a call belongs to. Requests of one call take turns: the call's row is held until the
 * transaction ends, or two of them would each write what they know over the other's.
 *
 * @param more `called`: the number called (E.164), which says whose the call is where we do not have it yet.
 * @returns `null` where we do not have the call and nobody owns the number.
 */
export function enterByCall<T>(
  callSid: string,
  from: Origin,
  now: Date,
  run: (visit: Visit<Line>) => Promise<T>,
  { called = null }: { readonly called?: string | null } = {},
): Promise<T | null> {
  return transaction(async (tx) => {
    const [found] = await tx.$queryRaw<{ business_id: string }[]>(enterBy(callSid, called, patient));
    return found ? visit(tx, { businessId: found.business_id }, from, now, run) : null;
  });
}

/** The same while the caller waits for the answer. */
export function enterByCallBriefly<T>(
  callSid: string,
  from: Origin,
  now: Date,
  run: (visit: Brief<Line>) => Promise<T>,
  { called = null }: { readonly called?: string | null } = {},
): Promise<T | null> {
  return briefly<T | null>(spoken.whole, async (ask) => {
    const [found] = await ask<{ business_id: string }>(enterBy(callSid, called, spoken));
    if (!found) return { result: null };
    const viewer = { businessId: found.business_id };
    return recorded(viewer, from, now, (record) => run({ ask, viewer, now, record } as Brief<Line>));
  });
}

/**
 * Twilio, inside the business that owns a number (E.164): what it says about texts names no call.
 *
 * @returns `null` where nobody owns it.
 */
export function enterByNumber<T>(
  number: string,
  from: Origin,
  now: Date,
  run: (visit: Visit<Line>) => Promise<T>,
): Promise<T | null> {
  return transaction(async (tx) => {
    const [found] = await tx.$queryRaw<{ business_id: string }[]>`
      SELECT set_config('role', 'app_viewer', true), ${quickly(patient)}, business_id FROM enter_by_phone(${number})`;
    return found ? visit(tx, { businessId: found.business_id }, from, now, run) : null;
  });
}

/**
 * A worker, inside the business of the job it holds.
 *
 * @throws Error when the lease has run out or passed to another worker: what it wanted to write must not be written.
 */
export function enterByJob<T>(
  jobId: string,
  lease: string,
  now: Date,
  run: (visit: Visit<Line>) => Promise<T>,
): Promise<T> {
  return transaction(async (tx) => {
    const [found] = await tx.$queryRaw<{ business_id: string | null }[]>`
      SELECT set_config('role', 'app_viewer', true), ${quickly(patient)}, business_id FROM enter_by_job(${jobId}::uuid, ${lease}::uuid)`;
    if (!found?.business_id) throw new Error('the lease on this job is over');
    return visit(tx, { businessId: found.business_id }, nowhere, now, run);
  });
}

/** Somebody who is not signed in yet: accounts, passwords and sessions, and no business's data. */
export function enterForSignIn<T>(from: Origin, now: Date, run: (visit: Visit<Guest>) => Promise<T>): Promise<T> {
  return transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('role', 'app_sign_in', true), ${quickly(patient)}`;
    return visit<Guest, T>(tx, { guest: true }, from, now, run);
  });
}

/** The clock: claims jobs and counts what is left, in every business. `from`: where a request said to be the clock's came from. */
export function enterAsSystem<T>(
  now: Date,
  run: (visit: Visit<System>) => Promise<T>,
  from: Origin = nowhere,
): Promise<T> {
  return transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('role', 'app_system', true), ${quickly(patient)}`;
    return visit<System, T>(tx, { system: true }, from, now, run);
  });
}

/**
 * The operator, as the owner of a database that was restored to be looked at: short transactions in it, as many as are
 * wanted. Row-level security holds no owner; whoever has its address may see everything anyway.
 */
export async function enterAsOwner<T>(
  url: string,
  look: (enter: <R>(run: (visit: Visit<System>) => Promise<R>) => Promise<R>) => Promise<T>,
): Promise<T> {
  const prisma = ownedDatabase(url);
  try {
    return await look(async <R>(run: (visit: Visit<System>) => Promise<R>) => {
      const act = async (tx: Tx) => ({ found: await visit<System, R>(tx, { system: true }, nowhere, clock(), run) });
      return (await prisma.$transaction(act)).found;
    });
  } finally {
    await prisma.$disconnect();
  }
}

/** Of what no request asked for. */
export const nowhere: Origin = { ipAddress: null, userAgent: null };
