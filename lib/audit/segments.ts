/** The parts of a segment that its making and its checking share. */
import { createHash } from 'node:crypto';
import { hasKey, isSignedBy, signingKey } from '@/lib/platform/signing';
import { type Sql, sql } from '@/lib/platform/sql';
import type { SegmentDocument } from '@/lib/rules/audit-seal';

/** An entry's hash: what is hashed could be guessed, its salt cannot. */
export const saltedHash = (salt: string, text: string): string =>
  createHash('sha256').update(`${salt}\n${text}`).digest('base64url');

/** By which the next segment names this one. */
export const digestOf = (document: string): string => createHash('sha256').update(document).digest('hex');

/** A segment's file in the store: two lines, the document and its signature. */
export const fileOf = (document: string, signature: string): string => `${document}\n${signature}\n`;

/** What a segment's document says; `null` where it is none, or none of our keys signed it. */
export function readSegment(document: string, signature: string): SegmentDocument | null {
  const said = parse(document);
  return said?.form === 1 && isOurs(said, document, signature) ? (said as SegmentDocument) : null;
}

/** What is wrong with a document that `readSegment` does not read: changed, or by a key that is missing here? */
export function whyUnread(document: string): string {
  const key = parse(document)?.key;
  return typeof key === 'string' && /^[0-9a-f]{16}$/.test(key) && !hasKey(key)
    ? `key ${key}, which signed it, is not in AUDIT_SIGNING_KEY`
    : 'it is no document that a key of ours has signed';
}

/** The statement that a restore did not bring back the entries of a segment, signed. */
export function stateLoss(digest: string, at: Date): string {
  const key = signingKey();
  const statement = JSON.stringify({ form: 1, lost: digest, at: at.toISOString(), key: key.id });
  return `${statement}\n${key.sign(statement)}`;
}

/** Whether this is our statement about this segment. */
export function isLossStated(lost: string, digest: string): boolean {
  const [statement = '', signature = ''] = lost.split('\n');
  const said = parse(statement);
  return said?.lost === digest && isOurs(said, statement, signature);
}

const isOurs = (said: Readonly<Record<string, unknown>>, text: string, signature: string) =>
  typeof said.key === 'string' && isSignedBy(said.key, text, signature);

/** Until its signature was checked, anything may stand in it. */
function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' ? (said as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** The chain that an entry belongs to, in SQL. */
export const chainOfEntry: Sql = sql`coalesce(a.business_id, '00000000-0000-0000-0000-000000000000')`;

/** The columns of a `SealedEntry`, of `audit_logs a`. */
export const sealedColumns: Sql = sql`a.id, a.business_id AS "businessId", a.user_id AS "userId", a.action,
  a.resource_type AS "resourceType", a.resource_id AS "resourceId", a.timestamp, (a.details - 'emailIndex')::text AS details,
  a.ip_address AS "ipAddress", a.user_agent AS "userAgent", a.details ->> 'emailIndex' AS "emailIndex"`;
