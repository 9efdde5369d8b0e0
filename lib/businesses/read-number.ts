import { env } from '@/lib/platform/env';
import type { Member, Visit } from '@/lib/platform/visit';
import { calledNumber } from './called-number';

/** The number that callers dial, and the addresses to enter at Twilio. */
export async function readNumber(visit: Visit<Member>) {
  const { number } = await calledNumber(visit);
  const voice = `${env().APP_URL}/api/twilio/voice`;
  return { number, voiceUrl: voice, fallbackUrl: `${voice}/fallback`, statusUrl: `${voice}/status` };
}
