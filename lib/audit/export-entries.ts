/**
 * The trail as a file: all that the filters find, newest first. Written down before the first line leaves, then read in
 * batches, each in a transaction of its own, so that neither memory nor any transaction grows with the trail.
 */
import { zoneOf } from '@/lib/businesses/zone-of';
import type { Member, Operator, Person, Visit } from '@/lib/platform/visit';
import { actionInWords } from '@/lib/rules/audit-words';
import { csvLine } from '@/lib/rules/csv';
import type { ListCursor } from '@/lib/rules/list-cursor';
import { isoIn } from '@/lib/rules/local-time';
import { colleagues } from './colleagues';
import { type AuditExport, filterNames, type Search, scopeOf, searchFor } from './filters';
import { type Entry, entriesBefore, placeOf } from './find-entries';
import { shownEntry } from './page-of-entries';

export type TrailFile = {
  readonly format: AuditExport['format'];
  readonly search: Search;
  readonly zone: string;
  /** Names of people by their ids, as far as they are the viewer's to see. */
  readonly names: ReadonlyMap<string, string>;
  readonly day: string;
};

/** A business's own trail, with the names of the people who work there. */
export async function exportEntries(visit: Visit<Member>, asked: AuditExport): Promise<TrailFile> {
  const zone = await zoneOf(visit);
  const people = await colleagues(visit);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return begin(visit, asked, searchFor(asked, scopeOf(visit), zone), zone, names);
}

/** The platform's, with ids and without names: a file leaves the house, and whose id it is can be looked up inside. */
export async function exportPlatformEntries(visit: Visit<Operator>, asked: AuditExport): Promise<TrailFile> {
  return begin(visit, asked, searchFor(asked, 'platform', 'UTC'), 'UTC', new Map());
}

function begin(
  visit: Visit<Person>,
  { format, ...filters }: AuditExport,
  search: Search,
  zone: string,
  names: ReadonlyMap<string, string>,
): TrailFile {
  visit.record({
    action: 'audit.export',
    resourceType: 'audit',
    resourceId: format,
    details: { fields: filterNames(filters), ids: [...names.keys()] },
  });
  return { format, search, zone, names, day: isoIn(visit.now, zone).slice(0, 10) };
}

/** Reads the next batch in a visit of its own. */
type Enter = <T>(run: (visit: Visit<Person>) => Promise<T>) => Promise<T>;

const batchSize = 1_000;

/**
 * The file's bytes, as fast as they are taken. A reader that stops stops the search with it; a session that ends, or a
 * permission that is taken away, breaks the file off.
 */
export function trailBytes(file: TrailFile, enter: Enter): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const lines = file.format === 'csv' ? csvOf(file) : jsonOf(file);
  let place: ListCursor | null = null;
  let isOver = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (lines.head !== '') controller.enqueue(encoder.encode(lines.head));
      },
      async pull(controller) {
        if (isOver) return controller.close();
        const from = place;
        const batch = await enter((visit) => entriesBefore(visit, file.search, from, batchSize));
        const last = batch.at(-1);
        if (last) place = placeOf(last);
        isOver = batch.length < batchSize;
        if (batch.length > 0) controller.enqueue(encoder.encode(batch.map(lines.line).join('')));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

type Lines = { readonly head: string; readonly line: (entry: Entry) => string };

/** What a line says of an entry, in the order of the columns. */
function rowOf(entry: Entry, { zone, names }: TrailFile) {
  const { count } = shownEntry(entry);
  return {
    time: isoIn(entry.timestamp, zone),
    what: actionInWords({ ...entry, count }),
    action: entry.action,
    resource_type: entry.resourceType,
    resource_id: entry.resourceId,
    user_id: entry.userId,
    user_name: (entry.userId !== null && names.get(entry.userId)) || null,
    business_id: entry.businessId,
    ip_address: entry.ipAddress,
    user_agent: entry.userAgent,
    details: entry.details,
    id: entry.id,
  };
}

type Row = ReturnType<typeof rowOf>;
const columns = [
  'time',
  'what',
  'action',
  'resource_type',
  'resource_id',
  'user_id',
  'user_name',
  'business_id',
  'ip_address',
  'user_agent',
  'details',
  'id',
] as const satisfies readonly (keyof Row)[];

/** The mark in front tells spreadsheets that this is UTF-8. */
const csvOf = (file: TrailFile): Lines => ({
  head: `\uFEFF${csvLine(columns)}`,
  line: (entry) => {
    const row = rowOf(entry, file);
    return csvLine(columns.map((column) => (column === 'details' ? JSON.stringify(row.details) : (row[column] ?? ''))));
  },
});

const jsonOf = (file: TrailFile): Lines => ({
  head: '',
  line: (entry) => `${JSON.stringify(rowOf(entry, file))}\n`,
});

/** The answer that a browser saves. */
export function trailResponse(file: TrailFile, enter: Enter): Response {
  const type = file.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8';
  return new Response(trailBytes(file, enter), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="audit-${file.day}.${file.format}"`,
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
