/**
 * The job: compares what Twilio has with what is here, and brings what callbacks did not. Twilio tells of a call once, and
 * again only where it could not connect: what it told while we were away, it does not repeat.
 */
import type { Counts, RunByCall } from '@/lib/jobs/clock-job';
import { wantAlert } from '@/lib/jobs/want-alert';
import { wantJob } from '@/lib/jobs/want-job';
import { log } from '@/lib/platform/log';
import { SealError } from '@/lib/platform/sealing';
import {
  callsSince,
  recordingsSince,
  type TwilioCall,
  type TwilioRecording,
  transcriptionsOf,
} from '@/lib/platform/twilio-lists';
import type { Line, System, Visit } from '@/lib/platform/visit';
import { isOver } from '@/lib/rules/call-status';
import { FETCHED_AGAIN_FOR, lookBackTo, TRANSCRIBED_WITHIN } from '@/lib/rules/reconcile';
import { catchUpCall, catchUpRecording, catchUpTranscript } from './catch-up';
import { eraseCallKey } from './erase-remote-call';
import { eraseRecordingKey } from './erase-remote-recording';

/** Something could not be brought, and the run must not count as done: the next one looks back as far. */
class NotAllBrought extends Error {
  override name = 'NotAllBrought';
}

/**
 * `begun` and `ended` calls, `recordings` and `transcripts` that were missing, recordings given up and tried `again`: in a
 * dry run, those that would be. `unopened`: calls of which something could not be brought, since a sealed value of theirs does
 * not open. A run does not mend that, and does not fail of it: the operator is told once, and every run looks for them again
 * and counts them, until they are too old to be looked for.
 *
 * @throws TwilioError where Twilio does not answer, NotAllBrought where one of them could not be brought; the others were.
 */
export async function reconcile(run: RunByCall): Promise<Counts> {
  const counts = { begun: 0, ended: 0, recordings: 0, transcripts: 0, again: 0 };
  const unopened = new Set<string>();
  let failures = 0;
  /** One that fails does not keep the others from coming. */
  const attempt = async (callSid: string, act: () => Promise<void>) => {
    run.signal.throwIfAborted();
    try {
      await act();
    } catch (error) {
      if (error instanceof SealError) {
        log.warn({ event: 'reconcile.unopened', callSid, error });
        unopened.add(callSid);
        return;
      }
      failures += 1;
      log.error({ event: 'reconcile.failed', callSid, error });
    }
  };
  const bring = async (
    what: keyof typeof counts,
    { callSid, called = null }: { readonly callSid: string; readonly called?: string | null },
    act: (visit: Visit<Line>) => Promise<void>,
  ) => {
    const isOurs = run.isDryRun || (await run.inCall(callSid, called, (visit) => act(visit).then(() => true)));
    if (isOurs) counts[what] += 1;
  };

  const since = await run.asSystem(async (visit) => lookBackTo(visit.now, await lastDone(visit)));
  for await (const page of callsSince(since)) {
    for (const { call, isKnown } of await run.asSystem((visit) => unfinished(visit, page))) {
      const which = { callSid: call.sid, called: call.to };
      await attempt(call.sid, () => bring(isKnown ? 'ended' : 'begun', which, (visit) => catchUpCall(visit, call)));
    }
  }
  for await (const page of recordingsSince(since)) {
    const { missing, unheard } = await run.asSystem((visit) => lookFor(visit, page));
    for (const recording of missing) {
      await attempt(recording.callSid, () =>
        bring('recordings', recording, (visit) => catchUpRecording(visit, recording)),
      );
    }
    for (const recording of unheard) {
      await attempt(recording.callSid, async () => {
        const found = (await transcriptionsOf(recording.sid)).find(({ status }) => status !== 'in-progress');
        if (found) await bring('transcripts', recording, (visit) => catchUpTranscript(visit, recording, found));
      });
    }
  }
  for (const { recordingId, callSid, key } of await run.asSystem(givenUp)) {
    await attempt(callSid, () =>
      bring('again', { callSid }, (visit) =>
        wantJob(visit, { kind: 'fetch_recording', key, payload: { recordingId } }),
      ),
    );
  }
  const [newest] = unopened;
  if (newest !== undefined) await run.asSystem((visit) => wantUnopenedTold(visit, newest));
  if (failures > 0) throw new NotAllBrought(`${failures} could not be brought`);
  return { ...counts, unopened: unopened.size };
}

/** Once for a call, and where there are several, of the newest of them. */
const wantUnopenedTold = (visit: Visit<System>, callSid: string): Promise<void> =>
  wantAlert(visit, { alert: 'call_does_not_open', reference: callSid, about: `call-does-not-open ${callSid}` });

/** When the last run began that was through and brought everything: what it looked at needs no second look. */
async function lastDone({ tx }: Visit<System>): Promise<Date | null> {
  const [found] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT max(started_at) AS at FROM job_runs
    WHERE job = 'reconcile' AND outcome = 'done' AND coalesce((counts->>'unopened')::int, 0) = 0`;
  return found?.at ?? null;
}

/**
 * The calls to our businesses that are over and not ended here. Not those of a time when the number was not theirs yet, and
 * none that was erased: Twilio may not have deleted it yet.
 */
async function unfinished({ tx }: Visit<System>, calls: readonly TwilioCall[]) {
  const over = calls.filter(({ direction, status }) => direction === 'inbound' && isOver(status));
  const sids = over.map(({ sid }) => sid);
  const known = await tx.call.findMany({
    where: { callSid: { in: sids } },
    select: { callSid: true, endedAt: true },
  });
  const endedAt = new Map(known.map((call) => [call.callSid, call.endedAt]));
  const routes = await tx.phoneRoute.findMany({
    where: { number: { in: over.map(({ to }) => to) } },
    select: { number: true, createdAt: true },
  });
  const oursFrom = new Map(routes.map(({ number, createdAt }) => [number, createdAt]));
  const erased = await jobsThere({ tx }, sids.map(eraseCallKey));
  const isOurs = ({ sid, to, startedAt }: TwilioCall) => {
    const from = oursFrom.get(to);
    return from !== undefined && startedAt !== null && startedAt >= from && !erased.has(eraseCallKey(sid));
  };
  return over.flatMap((call) => {
    const isKnown = endedAt.has(call.sid);
    return (isKnown ? endedAt.get(call.sid) === null : isOurs(call)) ? [{ call, isKnown }] : [];
  });
}

/** The recordings of calls of ours that we do not have, and those whose words should be there by now. */
async function lookFor({ tx, now }: Visit<System>, recordings: readonly TwilioRecording[]) {
  const made = recordings.filter(({ status }) => status === 'completed');
  const calls = await tx.call.findMany({
    where: { callSid: { in: made.map(({ callSid }) => callSid) } },
    select: { callSid: true },
  });
  const ours = new Set(calls.map(({ callSid }) => callSid));
  const sids = made.map(({ sid }) => sid);
  const kept = await tx.recording.findMany({
    where: { recordingSid: { in: sids } },
    select: { recordingSid: true },
  });
  const known = new Set(kept.map(({ recordingSid }) => recordingSid));
  const read = await tx.transcript.findMany({
    where: { recordingSid: { in: sids } },
    select: { recordingSid: true },
  });
  const heard = new Set(read.map(({ recordingSid }) => recordingSid));
  const erased = await jobsThere({ tx }, sids.map(eraseRecordingKey));
  const wanted = made.filter(({ sid, callSid }) => ours.has(callSid) && !erased.has(eraseRecordingKey(sid)));
  return {
    missing: wanted.filter(({ sid }) => !known.has(sid)),
    unheard: wanted.filter(
      ({ sid, createdAt }) => !heard.has(sid) && now.getTime() - createdAt.getTime() > TRANSCRIBED_WITHIN * 1000,
    ),
  };
}

/** Recordings that we gave up fetching, a few days long, each once a day: what was away may be back. */
async function givenUp({ tx, now }: Visit<System>) {
  const recordings = await tx.recording.findMany({
    where: { status: 'failed', createdAt: { gte: new Date(now.getTime() - FETCHED_AGAIN_FOR * 1000) } },
    select: { id: true, call: { select: { callSid: true } } },
  });
  const wanted = recordings.flatMap(({ id, call: { callSid } }) =>
    callSid === null
      ? []
      : [{ recordingId: id, callSid, key: `fetch-recording ${id} ${now.toISOString().slice(0, 10)}` }],
  );
  const tried = await jobsThere(
    { tx },
    wanted.map(({ key }) => key),
  );
  return wanted.filter(({ key }) => !tried.has(key));
}

async function jobsThere({ tx }: Pick<Visit<System>, 'tx'>, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await tx.job.findMany({ where: { key: { in: [...keys] } }, select: { key: true } });
  return new Set(found.map(({ key }) => key));
}
