/**
 * The mail that tells somebody of a call. A mail lies in the open at every server it passes, so it says that there is
 * something and where, and nothing of who called or what they said.
 */
import { DateTime } from 'luxon';
import type { CallIntent } from './call-status';

export type CallNotice = {
  readonly business: string;
  /** The business's IANA zone, in which times are told. */
  readonly zone: string;
  readonly startedAt: Date;
  readonly intent: CallIntent;
  readonly urgent: boolean;
  /** Where the call is shown. */
  readonly address: string;
  /** Of an urgent call: where whoever is told says that they take it. */
  readonly takeAddress: string | null;
};

const did: Readonly<Record<CallIntent, (business: string) => string>> = {
  message: (business) => `Somebody left a message for ${business}`,
  appointment: (business) => `Somebody asked ${business} for an appointment`,
  emergency: (business) => `Somebody called ${business} with an emergency`,
  hours: (business) => `Somebody left a message for ${business}`,
  forwarded: (business) => `Somebody called ${business}`,
  none: (business) => `Somebody left a message for ${business}`,
};

export function callNotice({ business, zone, startedAt, intent, urgent, address, takeAddress }: CallNotice) {
  const at = DateTime.fromJSDate(startedAt, { zone }).setLocale('en-US');
  const time = at.toFormat('h:mm a').toLowerCase();
  const subject = did[intent](business);
  const lines = [
    ...(urgent ? ['This is urgent.'] : []),
    `${subject} at ${time} on ${at.toFormat('cccc, LLLL d')}. Open it:`,
    address,
    ...(takeAddress ? ['If you see to it, say so here, and nobody else is asked:', takeAddress] : []),
    'What they said stays there. This mail holds no name, no number and no words of theirs.',
  ];
  return { subject: urgent ? `Urgent: ${subject}` : subject, text: `${lines.join('\n\n')}\n` };
}
