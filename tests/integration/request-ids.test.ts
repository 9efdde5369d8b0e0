/** What a webhook set off can be followed in the log, into jobs that run later and elsewhere. */
import { NextRequest } from 'next/server';
import { afterAll, expect, test, vi } from 'vitest';
import { POST } from '@/app/api/twilio/recording/route';
import { runNextJob } from '@/lib/jobs/run-jobs';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import { env } from '@/lib/platform/env';
import { createLog, log } from '@/lib/platform/log';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';
import { callFields, formOf, signedHeaders } from '@/tests/support/twilio-request';

vi.mock('next/server', async (original) => ({
  ...(await original<typeof import('next/server')>()),
  after: () => {},
}));

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** What is logged from here on, as lines. */
function listen() {
  const lines: { event: string; requestId?: string }[] = [];
  const into = createLog({ write: (line) => void lines.push(JSON.parse(line)) });
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(log, level).mockImplementation(into[level]);
  return (event: string) => lines.filter((line) => line.event === event);
}

async function recordingAnnounced() {
  const { callSid } = await makeCall(owner, (await makeBusiness(owner)).id);
  const url = `${env().APP_URL}/api/twilio/recording`;
  const fields = callFields(callSid, '+15550100', { RecordingSid: freshSid('RE'), RecordingStatus: 'completed' });
  const request = new NextRequest(url, { method: 'POST', headers: signedHeaders(url, fields), body: formOf(fields) });
  expect((await POST(request)).status).toBe(204);
}

test('a job says which request wanted it, and no two requests have the same id', async () => {
  const logged = listen();
  await recordingAnnounced();
  await recordingAnnounced();
  const [first, second] = logged('webhook.taken');
  expect(first?.requestId).not.toBe(second?.requestId);
  const jobs = await owner.job.findMany({ where: { kind: 'fetch_recording' }, orderBy: { createdAt: 'asc' } });
  expect(jobs.map(({ requestId }) => requestId)).toEqual([first?.requestId, second?.requestId]);

  while (await runNextJob()); // there is nobody at Twilio's address: they fail
  const ends = logged('job.failed').map(({ requestId }) => requestId);
  expect(ends).toEqual(expect.arrayContaining([first?.requestId, second?.requestId]));
});

test('a job that no request wanted borrows no other one’s id', async () => {
  await owner.job.deleteMany();
  const logged = listen();
  const payload = { alert: 'job_dead', reference: newId() } as const;
  await enterAsSystem(new Date(), (visit) => wantJob(visit, { kind: 'alert', key: newId(), payload }));
  while (await runNextJob());
  expect(logged('job.done')).toMatchObject([{ event: 'job.done' }]);
  expect(logged('job.done')[0]).not.toHaveProperty('requestId');
});
