/** What somebody may look for in the trail, as an address says it, and as a search needs it. */
import { z } from 'zod';
import type { Person, Visit } from '@/lib/platform/visit';
import { rangeOf } from '@/lib/rules/local-time';

const word = (pattern: RegExp) => z.string().regex(pattern).or(z.literal('')).default('');
const text = (most: number) => z.string().trim().max(most).default('');
const minute = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)
  .catch('')
  .default('');

/** A form that was left empty sends `''`, which looks for nothing. */
export const auditFilters = z.object({
  /** An account's id, or `nobody`: Twilio, the clock, and whoever was not signed in. */
  who: z.uuid().or(z.literal('nobody')).or(z.literal('')).default(''),
  action: word(/^[a-z_]+\.[a-z_]+$/),
  /** A type of resource. */
  type: word(/^[a-z_]+$/),
  /** The id of a resource: what was done to it, and who opened it. */
  about: text(100),
  /** Local minutes, both included. What is no time, from a browser that lets one type it, looks for nothing. */
  from: minute,
  until: minute,
  /** A business's id. Means something on the platform's trail alone. */
  business: z.uuid().or(z.literal('')).default(''),
});

/** A page of what was found. */
export const auditPage = auditFilters.extend({
  before: z.string().max(100).optional(),
  after: z.string().max(100).optional(),
});

/** All that was found, as a file. */
export const auditExport = auditFilters.extend({ format: z.enum(['csv', 'jsonl']) });

export type AuditFilters = z.infer<typeof auditFilters>;
export type AuditPage = z.infer<typeof auditPage>;
export type AuditExport = z.infer<typeof auditExport>;

/** What is searched: one business's trail, or the platform's. */
export type Scope = { readonly businessId: string } | 'platform';

export type Search = {
  /** `null`: every business, and what belongs to none. */
  readonly businessId: string | null;
  readonly isPlatform: boolean;
  readonly who: string;
  readonly action: string;
  readonly type: string;
  readonly about: string;
  readonly from: Date | null;
  readonly until: Date | null;
};

export function searchFor(filters: AuditFilters, scope: Scope, zone: string): Search {
  const { who, action, type, about } = filters;
  const isPlatform = scope === 'platform';
  const businessId = isPlatform ? filters.business || null : scope.businessId;
  return { businessId, isPlatform, who, action, type, about, ...rangeOf(filters.from, filters.until, zone) };
}

/** The filters that are set, by name: what the trail says about a search of itself. */
export function filterNames(filters: AuditFilters): string[] {
  return Object.keys(auditFilters.shape).filter((name) => filters[name as keyof AuditFilters] !== '');
}

export const scopeOf = ({ viewer }: Visit<Person & { readonly businessId: string }>): Scope => ({
  businessId: viewer.businessId,
});
