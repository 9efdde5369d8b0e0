/**
 * What a seal over the trail is a seal of: the exact text that is hashed for an entry, and the document that lists the
 * hashes. Whoever has the documents, the entries and their salts can check them with a public key and these few lines.
 */

/** A chain of segments is a business's, by its id, or the platform's own. */
export const PLATFORM_CHAIN = '00000000-0000-0000-0000-000000000000';

/** An entry as it is sealed. */
export type SealedEntry = {
  readonly id: string;
  readonly businessId: string | null;
  readonly userId: string | null;
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly timestamp: Date;
  /** PostgreSQL's text of the jsonb, which puts keys in order, without `emailIndex`. */
  readonly details: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly emailIndex: string | null;
};

/** All of an entry that never changes. */
export const lastingText = (entry: SealedEntry): string =>
  JSON.stringify([
    'entry',
    entry.id,
    entry.businessId,
    entry.userId,
    entry.action,
    entry.resourceType,
    entry.resourceId,
    entry.timestamp.toISOString(),
    entry.details,
  ]);

/** What an erasure may blank, apart from the rest, so that the rest stays sealed. */
export const personalText = ({ id, ipAddress, userAgent, emailIndex }: SealedEntry): string =>
  JSON.stringify(['person', id, ipAddress, userAgent, emailIndex]);

/** The document of a segment, whose JSON is signed as it stands. Hashes are SHA-256. */
export type SegmentDocument = {
  readonly form: 1;
  readonly chain: string;
  /** From 1, without a gap. */
  readonly number: number;
  /** The hash of the document before this one, in hex; `null` of the first. */
  readonly previous: string | null;
  readonly sealedAt: string;
  /** The moment of the newest entry: two years after it, retention may remove the entries. */
  readonly newest: string;
  /** Id of the key that it is signed with. */
  readonly key: string;
  /** Id, hash of the lasting text behind its salt, hash of the personal text behind its own; base64url. */
  readonly entries: readonly (readonly [id: string, lasting: string, personal: string])[];
};

/** Where a segment lies in the store. With its hash in the name, nothing ever takes the place of what lies there. */
export const segmentKey = (chain: string, number: number, digest: string): string =>
  `seals/${chain}/${String(number).padStart(8, '0')}-${digest}.json`;

const keyForm = /^seals\/([0-9a-f-]{36})\/(\d{8,})-([0-9a-f]{64})\.json$/;

/** What the name of a file in the store says; `null` where it is no segment's. */
export function readSegmentKey(key: string): { chain: string; number: number; digest: string } | null {
  const [, chain, number, digest] = keyForm.exec(key) ?? [];
  return chain && number && digest ? { chain, number: Number(number), digest } : null;
}

/** What is wrong with a trail: an entry (by id, where one can be named) or a whole segment, and in what way. */
export type TrailFault = {
  readonly what: 'entry' | 'segment' | 'stored segment';
  readonly how: 'changed' | 'removed' | 'inserted';
  readonly chain: string;
  readonly number: number | null;
  readonly id: string | null;
  readonly because: string;
};

/** The fault as a sentence for the operator. */
export function faultInWords({ what, how, chain, number, id, because }: TrailFault): string {
  const whose = chain === PLATFORM_CHAIN ? "the platform's own trail" : `the trail of business ${chain}`;
  const where = number === null ? whose : `segment ${number} of ${whose}`;
  if (what === 'entry') return `Entry ${id} was ${how} (${where}): ${because}.`;
  return `${what === 'segment' ? 'S' : 'The stored copy of s'}${where.slice(1)} was ${how}: ${because}.`;
}
