import type { Tier } from '@/lib/rules/minutes';
import type { Role } from '@/lib/rules/permissions';
import type { TellAbout } from '@/lib/rules/telling';

/** What the caller wanted. The names are the database's. */
export type CallIntent = 'message' | 'appointment' | 'hours' | 'emergency' | 'forwarded' | 'none';
export type CallStatus = 'ringing' | 'in_progress' | 'completed' | 'missed' | 'forwarded' | 'rejected' | 'failed';

export const intentWords: Record<CallIntent, string> = {
  message: 'Left a message',
  appointment: 'Asked for an appointment',
  hours: 'Asked about the opening hours',
  emergency: 'Had an emergency',
  forwarded: 'Was put through',
  none: 'Hung up without a word',
};

/** What came of a call of which nothing was said: whoever was turned away did not hang up, and silence is no message. */
export function outcomeWords({ intent, status }: { intent: CallIntent; status: CallStatus }): string {
  if (status === 'rejected') return 'Was not let through';
  return status === 'missed' && intent === 'message' ? 'Left no message' : intentWords[intent];
}

export const statusWords: Record<CallStatus, string> = {
  ringing: 'Ringing',
  in_progress: 'On the line',
  completed: 'Answered',
  missed: 'Missed',
  forwarded: 'Put through',
  rejected: 'Turned away',
  failed: 'Broken off',
};

/** Why a call costs nothing. The names are the database's. */
export type Uncharged = 'blocked' | 'robot' | 'silent' | 'short';

export const unchargedWords: Record<Uncharged, string> = {
  blocked: 'From callers you have blocked',
  robot: 'From robots',
  silent: 'Nobody said anything',
  short: 'Over in less than 15 seconds',
};

export const roleWords: Record<Role, string> = {
  admin: 'Runs the platform',
  business_owner: 'Owner',
  staff: 'Staff',
  user: 'User',
};

export const tellAboutWords: Record<TellAbout, string> = {
  all: 'Every message',
  urgent: 'Urgent calls only',
  nothing: 'Nothing',
};

/** 1 → "1 message", 2 → "2 messages". */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

/** 312 → "312 bytes", 41_300_000 → "41.3 MB". Decimal, as disks and bills count. */
export function bytesInWords(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, ''];
  for (const larger of units) {
    if (value < 999.5) break;
    [value, unit] = [value / 1000, larger];
  }
  return unit === ''
    ? counted(bytes, 'byte', 'bytes')
    : `${value.toLocaleString('en-GB', { maximumFractionDigits: value < 100 ? 1 : 0 })} ${unit}`;
}

export const tierWords: Record<Tier, string> = { free: 'Free', basic: 'Basic', pro: 'Pro', enterprise: 'Enterprise' };
