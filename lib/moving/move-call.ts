import { idFrom } from '@/lib/platform/clock';
import { blindIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { parseCallerId } from '@/lib/rules/phone-number';
import type { Moving } from './moving';
import { Misfit } from './old-row';

const ends = ['completed', 'missed', 'forwarded', 'rejected', 'failed'] as const;

/** A call and what was said on it. It counts as heard and called back, or a year of calls would wait to be. Recordings stay where they were. */
export async function moveCall({
  visit,
  columns,
  isDryRun,
  businesses,
  leave,
}: Moving): Promise<'brought' | 'here already'> {
  const { tx, now } = visit;
  const business = businesses.get(columns.needed('business_id'));
  if (business === undefined) throw new Misfit('business_id', 'is no business that was brought over');
  const callSid = columns.needed('call_sid', 'twilio_call_sid', 'sid');
  if (!/^CA[0-9a-f]{32}$/.test(callSid)) throw new Misfit('call_sid', 'is no id of a call');
  const id = idFrom(`calls ${columns.needed('id')}`);
  if (await tx.call.findFirst({ where: { callSid }, select: { id: true } })) return 'here already';
  const startedAt = columns.date('started_at', 'start_time', 'created_at');
  if (startedAt === null) throw new Misfit('started_at', 'is missing');
  const word = (columns.text('status') ?? 'completed').toLowerCase();
  const status = ends.find((one) => one === word);
  if (status === undefined) leave('status', 'is none that a call ends with: completed');
  const seconds = Math.max(0, Math.round(columns.number('seconds_used', 'duration_seconds', 'duration') ?? 0));
  const ended = columns.date('ended_at', 'end_time') ?? new Date(startedAt.getTime() + seconds * 1000);
  const caller = parseCallerId(columns.text('caller_number', 'from_number') ?? '');
  if (columns.text('recording_url', 'recording_sid') !== null)
    leave('recording_url', 'recordings are not brought over');
  if (isDryRun) return 'brought';
  await tx.call.createMany({
    data: seal('Call', {
      businessId: business.id,
      id,
      callSid,
      type: columns.text('call_type', 'type', 'direction')?.startsWith('out')
        ? ('outbound' as const)
        : ('inbound' as const),
      status: status ?? 'completed',
      calledNumber: columns.text('called_number', 'to_number') ?? '',
      callerNumber: caller.kind === 'number' ? caller.e164 : caller.kind === 'other' ? caller.text : null,
      ...indexColumns('callerNumberIndex', caller.kind === 'number' ? blindIndex('phone', caller.e164) : null),
      callerName: columns.text('caller_name'),
      wanted: columns.text('message', 'transcript', 'transcription', 'notes'),
      startedAt,
      endedAt: ended < startedAt ? startedAt : ended,
      secondsUsed: seconds,
      secondsCharged: 0, // what it cost was settled there
      heardAt: now,
      heardBy: business.ownerId,
      calledBackAt: now,
      calledBackBy: business.ownerId,
    }),
  });
  visit.record({
    action: 'call.create',
    resourceType: 'call',
    resourceId: id,
    businessId: business.id,
    details: { reason: 'moved in' },
  });
  return 'brought';
}
