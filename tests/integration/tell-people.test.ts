/** People hear of a call as they chose, and nobody who reads their mail or their telephone hears of the caller. */
import { mkdtempSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { runNextJob, sweep } from '@/lib/jobs/run-jobs';
import { wantJob } from '@/lib/jobs/want-job';
import { takeTextStatus } from '@/lib/notifications/take-text-status';
import { wantPeopleTold } from '@/lib/notifications/want-people-told';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterByCall, enterByNumber } from '@/lib/platform/enter';
import { readOutbox, sendMail } from '@/lib/platform/mail';
import { optOut } from '@/lib/privacy/opt-out';
import { MOST_ATTEMPTS } from '@/lib/rules/retries';
import { testDatabase } from '@/tests/support/database';
import { type Answer, lookLine, messageLine, messagesLine, pretendTwilio } from '@/tests/support/pretend-twilio';
import { freshSid, makeBusiness, makeCall, makeMobile, makePerson, ownerClient } from '@/tests/support/rows';

process.env.ALERT_EMAIL = 'alerts@example.com';
const twilio = await pretendTwilio();
const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

let business: { id: string; number: string };
let call: { id: string; callSid: string };
beforeEach(async () => {
  await owner.job.deleteMany();
  twilio.requests.length = 0;
  business = await makeBusiness(owner, { name: 'Sunrise Clinic' });
  call = await makeCall(owner, business.id, { wanted: 'My tooth hurts.', startedAt: new Date('2026-11-23T02:04:00Z') });
});
afterAll(async () => {
  await twilio.close();
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const nowhere = { ipAddress: null, userAgent: null };
const aMember = (role: 'business_owner' | 'staff', email?: string) =>
  makePerson(owner, { member: { businessId: business.id, role }, ...(email && { email }) });
const anOwner = (email?: string) => aMember('business_owner', email);
const chooses = (userId: string, mailAbout: 'all' | 'urgent' | 'nothing', textAbout: 'all' | 'urgent' | 'nothing') =>
  owner.membership.updateMany({ where: { businessId: business.id, userId }, data: { mailAbout, textAbout } });
const want = () => enterByCall(call.callSid, nowhere, new Date(), (visit) => wantPeopleTold(visit, call.id));
const makeUrgent = () => owner.call.updateMany({ where: { id: call.id }, data: { urgent: true, intent: 'emergency' } });
const later = () =>
  owner.$executeRaw`UPDATE jobs SET run_at = now() - interval '1 hour' WHERE done_at IS NULL AND dead_at IS NULL`;
const mailTo = async (email: string) => (await readOutbox()).filter(({ to }) => to === email);
const kinds = async () =>
  (await owner.callEvent.findMany({ where: { callId: call.id }, orderBy: { kind: 'asc' } })).map(({ kind }) => kind);
const tellings = () =>
  owner.telling.findMany({ where: { callId: call.id }, orderBy: [{ way: 'asc' }, { createdAt: 'asc' }] });
const states = async () => (await tellings()).map(({ way, state }) => `${way} ${state}`).sort();

describe('by mail', () => {
  test('every owner is told, staff and neighbours are not', async () => {
    const [olive, otto] = [await anOwner(), await anOwner()];
    const staff = await aMember('staff');
    const neighbour = await makePerson(owner, {
      member: { businessId: (await makeBusiness(owner)).id, role: 'business_owner' },
    });
    await want();
    await want();
    await sweep();
    for (const { email } of [olive, otto]) expect(await mailTo(email)).toHaveLength(1);
    for (const { email } of [staff, neighbour]) expect(await mailTo(email)).toEqual([]);
    expect(await states()).toEqual(['mail sent', 'mail sent']);
    const [mail] = await mailTo(olive.email);
    expect(mail?.text).toContain('Somebody left a message for Sunrise Clinic at 9:04 pm');
    expect(mail?.text).toContain(`http://127.0.0.1:3000/dashboard/calls/${call.id}`);
  });

  test('each is told as they chose', async () => {
    const [olive, sam] = [await anOwner(), await aMember('staff')];
    await chooses(olive.id, 'nothing', 'nothing');
    await chooses(sam.id, 'all', 'nothing');
    await want();
    await sweep();
    expect(await mailTo(olive.email)).toEqual([]);
    expect(await mailTo(sam.email)).toHaveLength(1);
  });

  test('no mail holds anything of the caller', async () => {
    const { email } = await anOwner();
    await want();
    await sweep();
    const [mail] = await mailTo(email);
    const folder = '.data/outbox';
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')));
    for (const text of [JSON.stringify(mail), ...files])
      expect(text).not.toMatch(/tooth|hurts|4155550123|555-?0123|\+1415/);
  });

  test('it says that a call is urgent, and where to take it', async () => {
    const { email } = await anOwner();
    await makeUrgent();
    await want();
    await sweep();
    const [mail] = await mailTo(email);
    expect(mail?.subject).toBe('Urgent: Somebody called Sunrise Clinic with an emergency');
    expect(mail?.text).toMatch(/^http:\/\/127\.0\.0\.1:3000\/take\?token=[\w-]{43}$/m);
  });

  test('an owner who cannot be written to keeps nobody from being told, and nobody is told twice', async () => {
    const broken = await anOwner('broken@example.com,eve@example.com');
    const fine = await anOwner();
    await want();
    await sweep();
    const [first] = await mailTo(fine.email);
    expect(await states()).toEqual(['mail sent', 'mail wanted']);
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
      await later();
      await sweep();
    }
    expect(await mailTo(fine.email)).toEqual([first]);
    expect(await mailTo(broken.email)).toEqual([]);
    expect(await mailTo('eve@example.com')).toEqual([]);
    expect(await states()).toEqual(['mail failed', 'mail sent']);
    const job = await owner.job.findFirstOrThrow({ where: { kind: 'tell_by_mail', deadAt: { not: null } } });
    expect(job).toMatchObject({ attempts: MOST_ATTEMPTS, lastError: 'MailError bad_address' });
    expect((await mailTo('alerts@example.com'))[0]?.text).toContain(job.id);
  });

  test('somebody who has left in the meantime is not told', async () => {
    const [olive, sam] = [await anOwner(), await aMember('staff')];
    await chooses(sam.id, 'all', 'nothing');
    await want();
    const id = await owner.job.findFirstOrThrow({ where: { kind: 'tell_people' } });
    await runOnly(id.id);
    await owner.membership.deleteMany({ where: { userId: sam.id } });
    await sweep();
    expect(await mailTo(sam.email)).toEqual([]);
    expect(await mailTo(olive.email)).toHaveLength(1);
    expect(await states()).toEqual(['mail failed', 'mail sent']);
  });

  test('somebody who is suspended is not told', async () => {
    const [olive, sam] = [await anOwner(), await aMember('staff')];
    await chooses(sam.id, 'all', 'nothing');
    await owner.user.updateMany({ where: { id: sam.id }, data: { suspendedAt: new Date() } });
    await want();
    await sweep();
    expect(await mailTo(sam.email)).toEqual([]);
    expect(await mailTo(olive.email)).toHaveLength(1);
  });

  test('nobody is told of an emergency that turns out to have been taken', async () => {
    const olive = await anOwner();
    await makeUrgent();
    await want();
    await owner.call.updateMany({ where: { id: call.id }, data: { status: 'forwarded' } });
    await sweep();
    expect(await mailTo(olive.email)).toEqual([]);
    expect(await states()).toEqual([]);
  });

  test('opening the addresses of people is in the trail', async () => {
    const { id } = await anOwner();
    await want();
    await sweep();
    const entries = await owner.auditLog.findMany({ where: { businessId: business.id, action: 'user.read' } });
    expect(entries.map(({ resourceId, details }) => [resourceId, details])).toEqual([[id, { reason: 'tell' }]]);
  });
});

/** Works off one job, and leaves the others for later. */
async function runOnly(id: string) {
  await owner.job.updateMany({ where: { id: { not: id } }, data: { heldAt: new Date() } });
  const held = new Date();
  await runNextJob();
  await owner.job.updateMany({ where: { heldAt: { lte: held } }, data: { heldAt: null } });
}

test('a business without people is reported to the operator, and the call says that there was nobody to tell', async () => {
  await want();
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    await sweep();
    await later();
  }
  expect(await kinds()).toEqual(['told_failed']);
});

test('where everybody chose to hear nothing, the call says so', async () => {
  await chooses((await anOwner()).id, 'nothing', 'nothing');
  await want();
  await sweep();
  expect(await kinds()).toEqual(['told_nobody']);
  expect(await states()).toEqual([]);
});

describe('by text', () => {
  let olive: Awaited<ReturnType<typeof anOwner>>;
  let mobile: string;
  const taken: { sid: string; from: string; to: string; body: string; callback: string }[] = [];
  beforeEach(async () => {
    olive = await anOwner();
    mobile = await makeMobile(owner, olive.id);
    await chooses(olive.id, 'nothing', 'all');
    taken.length = 0;
    twilio.on(messagesLine, accepts);
    twilio.on(lookLine(business.number, mobile), (response) =>
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ messages: taken.toReversed() })),
    );
  });
  const accepts: Answer = (response, _request, body) => {
    const form = new URLSearchParams(body);
    const sid = freshSid('SM');
    const field = (name: string) => form.get(name) ?? '';
    taken.push({ sid, from: field('From'), to: field('To'), body: field('Body'), callback: field('StatusCallback') });
    response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ sid, status: 'queued' }));
  };
  const refuses = (status: number, code: number) =>
    twilio.on(messagesLine, (response) =>
      response
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ code, message: 'no', status })),
    );
  const reports = async (MessageStatus: string, ErrorCode?: string, of = taken[0]) =>
    enterByNumber(business.number, nowhere, new Date(), (visit) =>
      takeTextStatus(visit, {
        fields: { MessageStatus, MessageSid: of?.sid ?? '', ...(ErrorCode && { ErrorCode }) },
        query: new URL(of?.callback ?? '').searchParams,
      }),
    );

  test('whoever chose so gets one text from the number of the business, and it holds nothing of the caller', async () => {
    await want();
    await want();
    await sweep();
    expect(taken).toMatchObject([{ from: business.number, to: mobile }]);
    expect(taken[0]?.body).toBe(
      `New message for Sunrise Clinic from 9:04 pm: http://127.0.0.1:3000/dashboard/calls/${call.id}`,
    );
    expect(await mailTo(olive.email)).toEqual([]);
    expect(await states()).toEqual(['text sent']);
  });

  test('it counts as delivered when Twilio says so, however often and in whatever order', async () => {
    await want();
    await sweep();
    for (const status of ['delivered', 'sent', 'delivered', 'queued', 'failed']) await reports(status);
    expect(await states()).toEqual(['text delivered']);
    expect((await tellings())[0]).toMatchObject({ messageSid: taken[0]?.sid, errorCode: null });
  });

  test('a callback that is faster than the answer loses nothing', async () => {
    await want();
    twilio.on(messagesLine, async (response, _request, body) => {
      const form = new URLSearchParams(body);
      const sid = freshSid('SM');
      taken.push({ sid, from: '', to: '', body: '', callback: form.get('StatusCallback') ?? '' });
      await reports('delivered');
      response.writeHead(201).end(JSON.stringify({ sid }));
    });
    await sweep();
    expect(await states()).toEqual(['text delivered']);
    expect((await tellings())[0]?.messageSid).toBe(taken[0]?.sid);
  });

  test('whoever a text does not reach is written a mail, once', async () => {
    await want();
    await sweep();
    await reports('undelivered', '30003');
    await reports('undelivered', '30003');
    await sweep();
    expect(await states()).toEqual(['mail sent', 'text failed']);
    expect(await mailTo(olive.email)).toHaveLength(1);
    expect((await tellings()).find(({ way }) => way === 'text')?.errorCode).toBe(30_003);
  });

  test('what Twilio refuses is not tried again, and a mail is sent at once', async () => {
    refuses(400, 21_614);
    await want();
    await sweep();
    expect(await states()).toEqual(['mail sent', 'text failed']);
    expect(twilio.requests.filter(({ line }) => line === messagesLine)).toHaveLength(1);
  });

  test('whoever replied STOP gets no text, without Twilio being asked, and a mail in its place', async () => {
    await enterByNumber(business.number, nowhere, new Date(), (visit) =>
      optOut(visit, { number: mobile, channel: 'texts' }),
    );
    await want();
    await sweep();
    expect(twilio.requests).toEqual([]);
    expect(await states()).toEqual(['mail sent', 'text failed']);
  });

  test('where Twilio is down it is tried again, and sent once', async () => {
    refuses(503, 20_503);
    await want();
    await sweep();
    expect(await states()).toEqual(['text wanted']);
    twilio.on(messagesLine, accepts);
    await later();
    await sweep();
    expect(await states()).toEqual(['text sent']);
    expect(taken).toHaveLength(1);
  });

  test('fault 6: an answer that never came does not send a text twice: Twilio is asked first whether it has it', async () => {
    twilio.on(messagesLine, (response, _request, body) => {
      const form = new URLSearchParams(body);
      taken.push({ sid: freshSid('SM'), from: '', to: '', body: form.get('Body') ?? '', callback: '' });
      response.destroy(); // it was taken, and the line broke
    });
    await want();
    await sweep();
    expect(await states()).toEqual(['text wanted']);
    await later();
    await sweep();
    expect(taken).toHaveLength(1);
    expect((await tellings())[0]).toMatchObject({ state: 'sent', messageSid: taken[0]?.sid });
  });

  test('a text of which nothing more is heard is asked after', async () => {
    await want();
    await sweep();
    twilio.on(messageLine(taken[0]?.sid ?? ''), (response) =>
      response.writeHead(200).end(JSON.stringify({ status: 'delivered', error_code: null })),
    );
    await later();
    await sweep();
    expect(await states()).toEqual(['text delivered']);
  });

  describe('whose network says nothing of it', () => {
    /** What Twilio knows of the text is that it is on its way. */
    const askedInVain = async () => {
      await want();
      await sweep();
      twilio.on(messageLine(taken[0]?.sid ?? ''), (response) =>
        response.writeHead(200).end(JSON.stringify({ status: 'sent', error_code: null })),
      );
      await later();
      await sweep();
    };

    test('counts as not confirmed, until something is heard after all', async () => {
      await askedInVain();
      expect(await states()).toEqual(['text unconfirmed']);
      expect(await mailTo(olive.email)).toEqual([]);
      await reports('sent');
      expect(await states()).toEqual(['text unconfirmed']);
      await reports('delivered');
      expect(await states()).toEqual(['text delivered']);
    });

    test('about an urgent call has a mail go after it, once', async () => {
      await makeUrgent();
      await askedInVain();
      expect(await states()).toEqual(['mail sent', 'text unconfirmed']);
      await reports('undelivered', '30003');
      await sweep();
      expect(await states()).toEqual(['mail sent', 'text failed']);
      expect(await mailTo(olive.email)).toHaveLength(1);
    });

    test('about an urgent call that somebody has taken has nothing go after it', async () => {
      await makeUrgent();
      await owner.call.updateMany({ where: { id: call.id }, data: { takenAt: new Date(), takenBy: olive.id } });
      await askedInVain();
      expect(await states()).toEqual(['text unconfirmed']);
    });

    test('counts as not confirmed, too, where Twilio cannot be asked', async () => {
      await makeUrgent();
      await want();
      await sweep();
      twilio.on(messageLine(taken[0]?.sid ?? ''), (response) => response.writeHead(503).end());
      for (let tries = 0; tries < MOST_ATTEMPTS; tries += 1) {
        await later();
        await sweep();
      }
      expect(await states()).toEqual(['mail sent', 'text unconfirmed']);
    });
  });

  test('news about a text of a neighbour changes nothing', async () => {
    await want();
    await sweep();
    const neighbour = await makeBusiness(owner);
    await enterByNumber(neighbour.number, nowhere, new Date(), (visit) =>
      takeTextStatus(visit, {
        fields: { MessageStatus: 'failed', MessageSid: taken[0]?.sid ?? '' },
        query: new URL(taken[0]?.callback ?? '').searchParams,
      }),
    );
    expect(await states()).toEqual(['text sent']);
  });

  test('an urgent call is told by a link that its person takes it with', async () => {
    await makeUrgent();
    await want();
    await sweep();
    expect(taken[0]?.body).toMatch(
      /^Urgent call for Sunrise Clinic at 9:04 pm\. Take it: http:\S+\/take\?token=[\w-]{43}$/,
    );
  });
});

test('an alert is sent once for a key', async () => {
  const raise = () =>
    enterAsSystem(new Date(), (visit) =>
      wantJob(visit, {
        kind: 'alert',
        key: `alert test ${call.id}`,
        payload: { alert: 'unknown_number', reference: call.callSid },
      }),
    );
  await raise();
  await raise();
  await sweep();
  await raise();
  await sweep();
  const about = (await mailTo('alerts@example.com')).filter(({ text }) => text.includes(call.callSid));
  expect(about.map(({ subject }) => subject)).toEqual(['A call came in for a number that nobody owns']);
});

describe('the outbox', () => {
  test('holds each mail as a file that a mail program opens', async () => {
    await sendMail({ id: 'one', to: 'ann@example.com', subject: 'Zoë’s\r\nBcc: eve@example.com', text: 'Grüße' });
    expect(await mailTo('ann@example.com')).toMatchObject([
      { subject: 'Zoë’s\r\nBcc: eve@example.com', text: 'Grüße' },
    ]);
    const files = await Promise.all(
      (await readdir('.data/outbox'))
        .filter((name) => name.endsWith('.eml'))
        .map((name) => readFile(path.join('.data/outbox', name), 'utf8')),
    );
    const file = files.find((text) => text.includes('ann@example.com')) ?? '';
    expect(file).toContain('Message-ID: <one@aftercallpro.test>');
    expect(file).not.toMatch(/^Bcc:/m);
  });

  test('takes no mail to an address that could be read as two', async () => {
    const before = await readOutbox();
    for (const to of [
      'ann@example.com\r\nBcc: eve@example.com',
      'ann@example.com,eve@example.com',
      'ann＠example.com',
    ]) {
      await expect(sendMail({ id: 'two', to, subject: 'x', text: 'x' })).rejects.toThrow('cannot be sent');
    }
    expect(await readOutbox()).toEqual(before);
  });
});
