/**
 * Who is asking, and the transaction they ask in. A use case takes a `Visit`; only the doors and the job runner can make
 * one (enter.ts), so a call past the door does not compile.
 */
import type { Ask } from '@/lib/platform/brief';
import type { Tx } from '@/lib/platform/db';
import type { JsonKey } from '@/lib/rules/data-map';
import type { Role } from '@/lib/rules/permissions';

declare const entered: unique symbol;

/** A visit while a caller waits: what it wants of the database, it asks in SQL (brief.ts). */
export type Brief<V> = {
  readonly ask: Ask;
  readonly viewer: V;
  /** The moment of the visit: the door's clock, or the simulator's. */
  readonly now: Date;
  /** Notes an entry for the audit trail. It is written with the transaction, or not at all. */
  readonly record: (entry: AuditEntry) => void;
  readonly [entered]: true;
};

export type Visit<V> = Brief<V> & { readonly tx: Tx };

/** A signed-in person, wherever they are. */
export type Person = {
  readonly userId: string;
  readonly sessionId: string;
  readonly role: Role;
  readonly businessId: string | null;
  /** The break-glass grant by which an admin is inside the business; they may look, and change nothing. */
  readonly grantId: string | null;
};
/** A signed-in person inside a business. */
export type Member = Person & { readonly businessId: string };
/** The platform's operator. */
export type Operator = Person & { readonly role: 'admin' };
/** Twilio or a job, inside a business. */
export type Line = { readonly businessId: string };
/** Somebody who is signing in. */
export type Guest = { readonly guest: true };
/** The clock. */
export type System = { readonly system: true };

/** One line of the trail. Ids and names of fields; never the value of a sealed field. */
export type AuditEntry = {
  /** `resource.verb`, such as `call.read`. */
  readonly action: `${string}.${string}`;
  readonly resourceType: string;
  readonly resourceId?: string;
  readonly details?: { readonly [K in JsonKey<'AuditLog', 'details'>]?: string | readonly string[] };
  /** Only where the visitor is not signed in yet: who they turned out to be. */
  readonly userId?: string;
  /** Only where the visitor is in no business: the one they sign in to, or to which the operator did something. */
  readonly businessId?: string;
};

/** Where a request came from. */
export type Origin = { readonly ipAddress: string | null; readonly userAgent: string | null };
