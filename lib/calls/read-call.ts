import { namesOf } from '@/lib/accounts/names-of';
import { readPolicy } from '@/lib/businesses/read-policy';
import { zoneOf } from '@/lib/businesses/zone-of';
import type { Prisma } from '@/lib/generated/prisma/client';
import { NotFound } from '@/lib/platform/errors';
import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { type Possession, possessionOfMissing } from '@/lib/rules/call-chain';
import { describeEvent, describeTelling } from '@/lib/rules/call-story';
import { daysKept, type RetentionPolicy } from '@/lib/rules/retention';
import { isUnsure, type NothingSaid, readParts } from '@/lib/rules/transcript';
import { openRow, waitingFacts } from './call-row';
import { callsAfter, callsBefore, placeOf } from './call-window';
import { chainColumns, chainFrom, isHere, namedIn, stateOfMissingRecording } from './chains-of';
import { markOf } from './known-caller';
import { recordingAddress } from './recording-address';

const columns = {
  ...chainColumns,
  calledNumber: true,
  secondsCharged: true,
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

  const { events, tellings, recordings, transcripts } = await belongingsOf(visit, id);
  const names = await namesOf(visit, [...namedIn(call), ...tellings.map(({ userId }) => userId)]);
  const rung = await namesOfRung(visit, events);
  const policy = await readPolicy(visit);
  const told = tellings.map((telling) => ({
    id: telling.id,
    at: telling.settledAt ?? telling.sentAt ?? telling.createdAt,
    text: describeTelling({ ...telling, name: names.get(telling.userId) ?? null }),
  }));
  const happened = events.map((event) => {
    const { said, kind, detail } = open('CallEvent', event);
    const name = rung.get(Object(detail).contactId);
    return { id: event.id, at: event.at, text: describeEvent({ kind, said, name, detail: { ...Object(detail) } }) };
  });
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
    takenAt: call.takenAt,
    takenBy: names.get(call.takenBy) ?? null,
    isYours: call.takenBy === viewer.userId,
    notSpamAt: call.notSpamAt,
    isBlocked: row.number !== null && (await markOf(visit, row.number)) === 'blocked',
    recording: recordingOf(visit, call, recordings, policy),
    transcript: transcriptOf(visit, call, transcripts, policy),
    chain: chainFrom(call, { events, recordings, tellings }, { names, policy, now }),
    events: [...happened, ...told].toSorted((one, other) => one.at.getTime() - other.at.getTime()),
    neighbours: neighbours.map(openRow),
  };
}

/**
 * What belongs to a call: events and tellings as they happened, recordings and transcripts newest first. Asked for one after the
 * other, since a transaction has one connection.
 */
async function belongingsOf({ tx, viewer }: Visit<Member>, callId: string) {
  const where = { businessId: viewer.businessId, callId };
  const events = await tx.callEvent.findMany({
    where: { ...where, kind: { not: 'told' } }, // from before there were tellings, which have them too
    select: { businessId: true, id: true, kind: true, detail: true, said: true, at: true },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  const tellings = await tx.telling.findMany({
    where,
    select: {
      id: true,
      userId: true,
      way: true,
      state: true,
      createdAt: true,
      sentAt: true,
      settledAt: true,
      errorCode: true,
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
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
  return { events, tellings, recordings, transcripts };
}

type State<S extends string> = { readonly state: S };
type Missing = State<Exclude<Possession, 'ready'>>;

/** The newest recording that can be played; its address is for this viewer, and not for long. */
function recordingOf(
  { viewer, now }: Visit<Member>,
  call: FoundCall,
  recordings: readonly FoundRecording[],
  policy: RetentionPolicy,
): Missing | (State<'ready'> & { readonly src: string; readonly seconds: number | null }) {
  const here = recordings.find(isHere);
  if (here) {
    const src = recordingAddress({ recordingId: here.id, userId: viewer.userId }, now);
    return { state: 'ready', src, seconds: here.seconds > 0 ? here.seconds : null };
  }
  return { state: stateOfMissingRecording(call, recordings, policy, now) };
}

function transcriptOf(
  { now }: Visit<Member>,
  call: FoundCall,
  transcripts: readonly FoundTranscript[],
  policy: RetentionPolicy,
): Missing | (State<'ready'> & Written) {
  for (const transcript of transcripts) {
    const { text, parts, nothing } = open('Transcript', transcript);
    if (text !== null) return { state: 'ready', text, stretches: stretchesOf(parts, text), nothing };
  }
  if (transcripts.length > 0) return { state: 'failed' };
  return { state: possessionOfMissing({ ...waitingFacts(call), ...call }, daysKept(policy, 'transcript'), now) };
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
