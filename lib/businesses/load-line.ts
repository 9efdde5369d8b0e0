/** The business as the call flow needs it: configured, with the duty list opened and the month's minutes counted. */
import { open } from '@/lib/platform/sealing';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import type { Business, DutyPerson } from '@/lib/rules/call';
import { monthOf, serviceFor } from '@/lib/rules/minutes';
import type { HoursException, WeeklyHours } from '@/lib/rules/opening-hours';
import { secondsCharged } from './seconds-charged';

/**
 * A business as the call flow knows it, but for the number called; who is on duty with the id on the list, to be known
 * again when that has changed.
 */
export type LineOfBusiness = Omit<Business, 'number'> & {
  readonly duty: readonly (DutyPerson & { readonly id: string })[];
};

type Row = Pick<Business, 'name' | 'greeting' | 'ringSeconds' | 'transcripts'> & {
  readonly zone: string;
  // A constraint of the database says that these have their form.
  readonly weekly: WeeklyHours;
  readonly exceptions: readonly HoursException[];
  readonly minutesLimit: number;
  readonly isSuspended: boolean;
  readonly ringWhenOpen: boolean;
  readonly ringInEmergency: boolean;
  /** Name and number sealed, in base64. */
  readonly duty: readonly { readonly id: string; readonly name: string; readonly phone: string }[];
};

export async function loadLine(visit: Brief<Line>): Promise<LineOfBusiness> {
  const { businessId } = visit.viewer;
  const [row] = await visit.ask<Row>(sql`
    SELECT name, greeting, zone, weekly_hours AS weekly, exceptions, monthly_minutes_limit AS "minutesLimit",
      suspended_at IS NOT NULL AS "isSuspended", forward_when_open AS "ringWhenOpen",
      emergency_forwarding AS "ringInEmergency", ring_seconds AS "ringSeconds", transcript_source AS transcripts,
      (SELECT coalesce(json_agg(json_build_object('id', id, 'name', encode(d.name, 'base64'),
          'phone', encode(phone, 'base64')) ORDER BY position), '[]')
        FROM duty_contacts d WHERE d.business_id = b.id) AS duty
    FROM businesses b WHERE id = ${businessId}::uuid`);
  if (!row) throw new Error('a business cannot be read by its own line');
  const { zone, weekly, exceptions, minutesLimit, isSuspended, ...line } = row;
  const used = await secondsCharged(visit, monthOf(visit.now, zone));
  return {
    ...line,
    hours: { zone, weekly, exceptions },
    duty: row.duty.map(({ id, name, phone }) => {
      const sealed = { businessId, id, name: Buffer.from(name, 'base64'), phone: Buffer.from(phone, 'base64') };
      const contact = open('DutyContact', sealed);
      return { id, name: contact.name, number: contact.phone };
    }),
    // Suspended or used up: the caller is greeted and can leave a message all the same.
    service: isSuspended ? 'message_only' : serviceFor(used, minutesLimit),
  };
}
