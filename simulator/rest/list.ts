import { DateTime } from 'luxon';
import { type Answer, json, type RestRequest } from './answer';

const PAGE_SIZE = 50;
const LARGEST_PAGE = 1000;

/**
 * One page of what was found, in the order given, as Twilio gives it: `name` is that of the list in the answer. A page
 * is asked for by its number, or by the token in `next_page_uri`, with which nothing is missed or seen twice when more
 * comes in between.
 */
export function listed<Item extends { readonly sid: string }>(
  { url, query }: Pick<RestRequest, 'url' | 'query'>,
  name: string,
  found: readonly Item[],
  resource: (item: Item) => object,
): Answer {
  const size = Math.min(LARGEST_PAGE, Math.max(1, Number(query.get('PageSize') ?? PAGE_SIZE)));
  const page = Math.max(0, Number(query.get('Page') ?? 0));
  const after = found.findIndex(({ sid }) => query.get('PageToken') === `PA${sid}`);
  const start = after === -1 ? page * size : after + 1;
  const shown = found.slice(start, start + size);
  const last = shown.at(-1);
  const address = (number: number, token?: string) => {
    const other = new URLSearchParams(query);
    other.set('PageSize', String(size));
    other.set('Page', String(number));
    other.delete('PageToken');
    if (token !== undefined) other.set('PageToken', token);
    return `${url.pathname}?${other}`;
  };
  const hasMore = last !== undefined && start + size < found.length;
  return json({
    [name]: shown.map(resource),
    page,
    page_size: size,
    start,
    end: start + Math.max(0, shown.length - 1),
    uri: address(page),
    first_page_uri: address(0),
    previous_page_uri: page === 0 ? null : address(page - 1),
    next_page_uri: hasMore ? address(page + 1, `PA${last.sid}`) : null,
  });
}

/**
 * Whether a moment is what the query says of it: `name` on a day or at a second, `name<` up to it, `name>` from it on,
 * each with the day or second itself. No moment is none that is asked for.
 */
export function isWithin(query: URLSearchParams, name: string, moment: Date | null): boolean {
  const [on, upTo, from] = [name, `${name}<`, `${name}>`].map((key) => spanOf(query.get(key)));
  if (!on && !upTo && !from) return true;
  if (moment === null) return false;
  const at = moment.getTime();
  return (!on || (at >= on.from && at <= on.to)) && (!upTo || at <= upTo.to) && (!from || at >= from.from);
}

/** The day, where only one is named, and otherwise the second. */
function spanOf(text: string | null): { readonly from: number; readonly to: number } | null {
  if (text === null) return null;
  const moment = DateTime.fromISO(text, { zone: 'utc' });
  const unit = /^\d{4}-\d{2}-\d{2}$/.test(text) ? 'day' : 'second';
  return { from: moment.startOf(unit).toMillis(), to: moment.endOf(unit).toMillis() };
}

/** Newest first, by the moment that `of` says. */
export function newestFirst<Item>(items: Iterable<Item>, of: (item: Item) => Date): Item[] {
  return [...items].sort((one, other) => of(other).getTime() - of(one).getTime());
}
