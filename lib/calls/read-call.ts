import { readPolicy } from '@/lib/businesses/read-policy';
import { zoneOf } from '@/lib/businesses/zone-of';
import type { Prisma } from '@/lib/generated/prisma/client';
import { NotFound } from '@/lib/platform/errors';
import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { chainOf, type Possession, possessionOfMissing } from '@/lib/rules/call-chain';
import { describeEvent } from '@/lib/rules/call-story';
import { daysKept } from '@/lib/rules/retention';
import { isUnsure, type NothingSaid, readParts } from '@/lib/rules/transcript';
import { openRow, rowColumns, waitingFacts } from './call-row';
import { callsAfter, callsBefore, placeOf } from './call-window';
import { markOf } from './known-caller';
import { recordingAddress } from './recording-address';

const columns = {
  ...rowColumns,
  calledNumber: true,
  secondsCharged: true,
  heardBy: true,
  calledBackBy: true,
} as const satisfies Prisma.CallSelect;

type FoundCall = Prisma.CallGetPayload<{ select: typeof columns }>;
type FoundRecording = Awaited<ReturnType<typeof belongingsOf>>['recordings'][number];
type FoundTranscript = Awaited<ReturnType<typeof belongingsOf>>['transcripts'][number];

/** Calls shown beside the one that is open, on either side of it. */
const neighboursEachWay = 10;

/**
 * A call with all there is to it, and the calls around it.
 *
 * @throws NotFound for an id that is none here.
 */
export async function readCall(visit: Visit<Member>, { id }: { readonly id: string }) {
  const { tx, viewer, now } = visit;
  const call = await tx.call.findFirst({ where: { businessId: viewer.businessId, id }, select: columns });
  if (!call) throw new NotFound();
  const newer = await callsAfter(visit, {}, placeOf(call), neighboursEachWay);
  const older = await callsBefore(visit, {}, placeOf(call), neighboursEachWay);
  const neighbours = [...newer, call, ...older];
  visit.record({
    action: 'call.read',
    resourceType: 'call',
    resourceId: id,
    details: { ids: neighbours.map((neighbour) => neighbour.id) },
  });

  const { events, recordings, transcripts } = await belongingsOf(visit, id);
  const names = await namesOf(visit, [call.heardBy, call.calledBackBy]);
  const rung = await namesOfRung(visit, events);
  const policy = await readPolicy(visit);
  const recording = recordingOf(visit, call, recordings, daysKept(policy, 'recording'));
  const firstOf = (...kinds: string[]) => events.find(({ kind }) => kinds.includes(kind))?.at ?? null;
  const toldFailedAt = firstOf('told_failed');
  const toldAt = toldFailedAt ?? firstOf('told');
  const row = openRow(call);
  return {
    ...row,
    now,
    zone: await zoneOf(visit),
    type: call.type,
    calledNumber: call.calledNumber,
    startedAt: call.startedAt,
    endedAt: call.endedAt,
    secondsUsed: call.secondsUsed,
    secondsCharged: call.secondsCharged,
    heardAt: call.heardAt,
    calledBackAt: call.calledBackAt,
    notSpamAt: call.notSpamAt,
    isBlocked: row.number !== null && (await markOf(visit, row.number)) === 'blocked',
    recording,
    transcript: transcriptOf(visit, call, transcripts, daysKept(policy, 'transcript')),
    chain: chainOf({
      ...waitingFacts(call),
      startedAt: call.startedAt,
      answeredAt: firstOf('greeted', 'person_took_it'),
      recording: { state: recording.state, storedAt: recordings.find(isHere)?.storedAt ?? null },
      told: toldAt && { at: toldAt, delivered: toldFailedAt === null },
      heardBy: names.get(call.heardBy) ?? null,
      calledBackBy: names.get(call.calledBackBy) ?? null,
    }),
    events: events.map((event) => {
      const { said, kind, detail } = open('CallEvent', event);
      const name = rung.get(Object(detail).contactId);
      return { id: event.id, at: event.at, text: describeEvent({ kind, said, name, detail: { ...Object(detail) } }) };
    }),
    neighbours: neighbours.map(openRow),
  };
}

/**
 * What belongs to a call: events as they happened, recordings and transcripts newest first. Asked for one after the
 * other, since a transaction has one connection.
 */
async function belongingsOf({ tx, viewer }: Visit<Member>, callId: string) {
  const where = { businessId: viewer.businessId, callId };
  const events = await tx.callEvent.findMany({
    where,
    select: { businessId: true, id: true, kind: true, detail: true, said: true, at: true },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  const recordings = await tx.recording.findMany({
    where: { ...where, status: { not: 'removing' } },
    select: { id: true, status: true, seconds: true, storedAt: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  const transcripts = await tx.transcript.findMany({
    where,
    select: { businessId: true, id: true, status: true, text: true, parts: true, nothing: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return { events, recordings, transcripts };
}

type State<S extends string> = { readonly state: S };
type Missing = State<Exclude<Possession, 'ready'>>;

const isHere = ({ status }: FoundRecording): boolean => status === 'stored' || status === 'settled';

/** The newest recording that can be played; its address is for this viewer, and not for long. */
function recordingOf(
  { viewer, now }: Visit<Member>,
  call: FoundCall,
  recordings: readonly FoundRecording[],
  keptDays: number,
): Missing | (State<'ready'> & { readonly src: string; readonly seconds: number | null }) {
  const here = recordings.find(isHere);
  if (here) {
    const src = recordingAddress({ recordingId: here.id, userId: viewer.userId }, now);
    return { state: 'ready', src, seconds: here.seconds > 0 ? here.seconds : null };
  }
  const [newest] = recordings;
  if (newest) return { state: newest.status === 'failed' ? 'failed' : 'coming' };
  return { state: possessionOfMissing({ ...waitingFacts(call), ...call }, keptDays, now) };
}

function transcriptOf(
  { now }: Visit<Member>,
  call: FoundCall,
  transcripts: readonly FoundTranscript[],
  keptDays: number,
): Missing | (State<'ready'> & Written) {
  for (const transcript of transcripts) {
    const { text, parts, nothing } = open('Transcript', transcript);
    if (text !== null) return { state: 'ready', text, stretches: stretchesOf(parts, text), nothing };
  }
  if (transcripts.length > 0) return { state: 'failed' };
  return { state: possessionOfMissing({ ...waitingFacts(call), ...call }, keptDays, now) };
}

/** Names, by their id on the duty list, of those who were rung and are still on it. */
async function namesOfRung(
  visit: Visit<Member>,
  events: readonly { readonly detail: unknown }[],
): Promise<ReadonlyMap<unknown, string>> {
  const ids = new Set(events.map(({ detail }) => Object(detail).contactId).filter((id) => typeof id === 'string'));
  if (ids.size === 0) return new Map();
  const contacts = await visit.tx.dutyContact.findMany({
    where: { businessId: visit.viewer.businessId, id: { in: [...ids] } },
    select: { businessId: true, id: true, name: true },
  });
  if (contacts.length > 0) {
    const details = { ids: contacts.map(({ id }) => id) };
    visit.record({ action: 'duty_contact.read', resourceType: 'duty_contact', details });
  }
  return new Map(contacts.map((contact) => [contact.id, open('DutyContact', contact).name]));
}

/** The words, and again as stretches that are or are not to be relied on; `nothing`: why they are no message. */
type Written = {
  readonly text: string;
  readonly stretches: readonly { readonly text: string; readonly isUnsure: boolean }[];
  readonly nothing: NothingSaid | null;
};

/** Where it came in one piece, nobody said how sure it is. */
const stretchesOf = (parts: string | null, text: string): Written['stretches'] =>
  parts === null
    ? [{ text, isUnsure: false }]
    : readParts(parts).map((part) => ({ text: part.text, isUnsure: isUnsure(part) }));

/** Names of colleagues by id; who has left has none. */
async function namesOf({ tx }: Visit<Member>, ids: readonly (string | null)[]): Promise<Map<string | null, string>> {
  const wanted = ids.filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const people = await tx.user.findMany({ where: { id: { in: wanted } }, select: { id: true, name: true } });
  return new Map(people.map((person) => [person.id, open('User', person).name]));
}
