import type { Line, Visit } from '@/lib/platform/visit';
import { stateOfText } from '@/lib/rules/text-message';
import { settleText } from './settle-text';
import { noteUndelivered } from './text-code';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type News = { readonly fields: Readonly<Record<string, string>>; readonly query: URLSearchParams };

/** Twilio's word on a text of ours; its address says what the text is about. News of anything else changes nothing. */
export async function takeTextStatus(visit: Visit<Line>, { fields, query }: News): Promise<void> {
  const state = stateOfText(fields.MessageStatus ?? '');
  if (state === null) return;
  const errorCode = /^\d{1,6}$/.test(fields.ErrorCode ?? '') ? Number(fields.ErrorCode) : null;
  const messageSid = /^(?:SM|MM)[0-9a-f]{32}$/.test(fields.MessageSid ?? '') ? fields.MessageSid : undefined;
  const telling = query.get('telling') ?? '';
  const code = query.get('code') ?? '';
  if (uuid.test(telling)) await settleText(visit, telling, { state, errorCode, ...(messageSid && { messageSid }) });
  else if (uuid.test(code) && state === 'failed') await noteUndelivered(visit, code, errorCode ?? 0);
}
