/** What can be wanted to happen later, and what each kind is told: ids only, as the data map says of `Job.payload`. */
import { z } from 'zod';
import type { Line, System, Visit } from '@/lib/platform/visit';
import { ACCOUNT_MAILS, EMAIL_CHANGE_MAILS } from '@/lib/rules/account-mail';
import { type Alert, isAlert } from '@/lib/rules/alerts';
import { clockJobNames } from '@/lib/rules/clock-jobs';
import type { JsonKey } from '@/lib/rules/data-map';
import { LEDGER_SUBJECTS } from '@/lib/rules/ledger';
import { MEMBER_MAILS } from '@/lib/rules/people-mail';

const id = z.uuid();
const twilioId = z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/);
/** Of a key of ENCRYPTION_KEY; `none` where something sealed names none. */
const keyId = z.string().regex(/^(?:[0-9a-f]{8}|none)$/);

const alert = z.strictObject({
  alert: z.custom<Alert>((text) => typeof text === 'string' && isAlert(text)),
  reference: z.union([id, twilioId, z.enum(clockJobNames), keyId, z.enum(['postgres', 'redis', 'upstash', 'sign-in'])]),
});

export const payloads = {
  fetch_recording: z.strictObject({ recordingId: id }),
  delete_remote_recording: z.strictObject({ recordingId: id }),
  erase_remote_recording: z.strictObject({ reference: twilioId }),
  erase_remote_call: z.strictObject({ reference: twilioId }),
  delete_remote_transcription: z.strictObject({ reference: twilioId }),
  tell_people: z.strictObject({ callId: id }),
  tell_by_mail: z.strictObject({ tellingId: id }),
  tell_by_text: z.strictObject({ tellingId: id }),
  check_text: z.strictObject({ tellingId: id }),
  text_code: z.strictObject({ numberId: id }),
  write_ledger: z.strictObject({ subject: z.enum(LEDGER_SUBJECTS), reference: id }),
  erase_caller: z.strictObject({ callId: id }),
  erase_account: z.strictObject({ userId: id }),
  account_mail: z.strictObject({ userId: id, mail: z.enum(ACCOUNT_MAILS) }),
  sign_up_mail: z.strictObject({ signUpId: id }),
  email_change_mail: z.strictObject({ emailChangeId: id, mail: z.enum(EMAIL_CHANGE_MAILS) }),
  member_mail: z.strictObject({ userId: id, businessId: id, mail: z.enum(MEMBER_MAILS) }),
  invitation_mail: z.strictObject({ invitationId: id }),
  usage_mail: z.strictObject({ userId: id, month: z.string().regex(/^\d{4}-\d{2}$/), percent: z.enum(['80', '100']) }),
  alert,
  alert_webhook: alert,
} as const satisfies Record<string, z.ZodObject<{ readonly [K in JsonKey<'Job', 'payload'>]?: z.ZodType<string> }>>;

export type JobKind = keyof typeof payloads;
export type Payload<K extends JobKind> = z.output<(typeof payloads)[K]>;

/** A job in the hands of a worker. */
export type Job<K extends JobKind> = {
  readonly id: string;
  readonly payload: Payload<K>;
  /**
   * A transaction inside the job's business, for as long as the worker holds the lease. What takes time (network, disk)
   * happens between such transactions, never in one.
   */
  readonly inside: <T>(run: (visit: Visit<Line>) => Promise<T>) => Promise<T>;
  /** The same outside of every business, for what belongs to none: accounts. */
  readonly asSystem: <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T>;
};

/**
 * What to do for a kind of job. It may be run again after any of its steps: what it changes in the database, it changes
 * once; what it does elsewhere, it does at least once.
 */
export type Handler<K extends JobKind> = {
  readonly run: (job: Job<K>) => Promise<void>;
  /** Says in the business's own rows that the effect will not come. */
  readonly giveUp?: (job: Job<K>) => Promise<void>;
};
export type Handlers = { readonly [K in JobKind]: Handler<K> };
