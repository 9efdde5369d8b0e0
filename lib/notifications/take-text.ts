import { log } from '@/lib/platform/log';
import type { Line, Visit } from '@/lib/platform/visit';
import { mayContact, optIn, optOut } from '@/lib/privacy/opt-out';
import { keywordOf, noTextsHere } from '@/lib/rules/text-message';

/**
 * A text that somebody sent to the number of a business. STOP and START hold from here on, also where Twilio, which
 * answers them itself, was told otherwise. Nobody reads the others, and whoever wrote one should not believe it.
 *
 * @returns what to answer; `null` where Twilio does, or nothing may be written to them.
 */
export async function takeText(visit: Visit<Line>, fields: Readonly<Record<string, string>>): Promise<string | null> {
  const whom = { number: fields.From ?? '', channel: 'texts' } as const;
  if (!/^\+[1-9]\d{5,14}$/.test(whom.number)) return null; // a short code: another program
  const keyword = keywordOf(fields);
  log.info({ event: 'text.taken', kind: keyword ?? 'other' });
  if (keyword === 'stop') await optOut(visit, whom);
  if (keyword === 'start') await optIn(visit, whom);
  if (keyword !== null) return null;
  return (await mayContact(visit, whom)) ? noTextsHere : null;
}
