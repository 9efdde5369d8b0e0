import type { CountryCode } from 'libphonenumber-js/min';
import type { Member, Visit } from '@/lib/platform/visit';
import { countryOf } from '@/lib/rules/phone-number';
import { lineNumber } from './line-number';

/**
 * The number that callers dial (E.164; null until one is set), and the country in which numbers typed without a country
 * code are read: that of the number, and the United States where it cannot tell.
 */
export async function calledNumber(
  visit: Visit<Member>,
): Promise<{ readonly number: string | null; readonly country: CountryCode }> {
  const number = await lineNumber(visit);
  return { number, country: (number && countryOf(number)) || 'US' };
}
