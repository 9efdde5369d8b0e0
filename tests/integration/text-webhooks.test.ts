/** What Twilio says about texts, against the application as it is served. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { blindIndex } from '@/lib/platform/sealing';
import { noTextsHere } from '@/lib/rules/text-message';
import { startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import {
  freshNumber,
  freshSid,
  makeBusiness,
  makeCall,
  makePerson,
  makeTelling,
  ownerClient,
} from '@/tests/support/rows';
import { sendSigned } from '@/tests/support/twilio-request';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const app = await startApplication();
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

let business: { id: string; number: string };
let sender: string;
beforeEach(async () => {
  business = await makeBusiness(owner);
  sender = freshNumber();
});

const writes = async (Body: string, to = business.number) => {
  const sid = freshSid('SM');
  const answer = await sendSigned(app.url, '/api/twilio/messages', {
    ...{ MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, SmsStatus: 'received', ApiVersion: '2010-04-01' },
    ...{ From: sender, To: to, Body, NumMedia: '0', NumSegments: '1' },
  });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};
const optOuts = () =>
  owner.optOut.findMany({
    where: { businessId: business.id, numberIndex: blindIndex('phone', sender).a },
    orderBy: { since: 'asc' },
  });
const silence = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

test('STOP ends texts to its sender, START lets them come again, and Twilio answers both', async () => {
  for (const word of ['STOP', 'stop']) expect(await writes(word)).toMatchObject({ status: 200, text: silence });
  expect(await optOuts()).toMatchObject([{ channel: 'texts', endedAt: null }]);
  expect(await writes('START')).toMatchObject({ status: 200, text: silence });
  const [ended, ...more] = await optOuts();
  expect([ended?.endedAt === null, more]).toEqual([false, []]);
  await writes('Stop.');
  expect((await optOuts()).filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
});

test('any other text is answered once a day that nobody reads it, and never after STOP', async () => {
  const [first, second] = [await writes('I am late.'), await writes('Are you there?')];
  expect(first).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' });
  expect(first.text).toContain(`<Message>${noTextsHere}</Message>`);
  expect(second.text).toBe(silence);
  sender = freshNumber();
  await writes('STOP');
  expect((await writes('Hello?')).text).toBe(silence);
});

test('a text to a number that nobody owns, or from no telephone, changes nothing', async () => {
  const before = await owner.optOut.count();
  expect(await writes('STOP', freshNumber())).toMatchObject({ status: 200, text: silence });
  sender = '83687';
  expect(await writes('STOP')).toMatchObject({ status: 200, text: silence });
  expect(await owner.optOut.count()).toBe(before);
});

test('the status of a text reaches the call, in whatever order it comes, and of another business none', async () => {
  const { id: callId } = await makeCall(owner, business.id);
  const person = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
  const id = await makeTelling(owner, { businessId: business.id, callId, userId: person.id }, { way: 'text' });
  const report = async (MessageStatus: string, From = business.number) => {
    const fields = { MessageSid: freshSid('SM'), MessageStatus, From, To: sender, ApiVersion: '2010-04-01' };
    return (await sendSigned(app.url, `/api/twilio/messages/status?telling=${id}`, fields)).status;
  };
  const state = async () => (await owner.telling.findUniqueOrThrow({ where: { id } })).state;
  expect(await report('failed', (await makeBusiness(owner)).number)).toBe(204);
  expect(await state()).toBe('sent');
  for (const status of ['delivered', 'sent', 'delivered', 'undelivered', 'nonsense', ''])
    expect(await report(status)).toBe(204);
  expect(await state()).toBe('delivered');
});

test('a text that did not arrive has a mail sent in its place at once, without waiting for the clock', async () => {
  const { id: callId } = await makeCall(owner, business.id);
  const person = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
  const id = await makeTelling(owner, { businessId: business.id, callId, userId: person.id }, { way: 'text' });
  const fields = { MessageSid: freshSid('SM'), MessageStatus: 'undelivered', From: business.number, To: sender };
  await sendSigned(app.url, `/api/twilio/messages/status?telling=${id}`, fields);
  await expect.poll(() => owner.telling.count({ where: { callId, way: 'mail', state: 'sent' } })).toBe(1);
});
