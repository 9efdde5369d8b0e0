/** A telephone gets texts once it is shown to be its owner's, and not before. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { guestDesk } from '@/lib/doors/guest';
import { sweep } from '@/lib/jobs/run-jobs';
import { chooseTelling } from '@/lib/notifications/choose-telling';
import { askForCode, confirmNumber, removeNumber } from '@/lib/notifications/mobile-number';
import { readChoice } from '@/lib/notifications/read-choice';
import { takeTextStatus } from '@/lib/notifications/take-text-status';
import { codeOf } from '@/lib/notifications/text-code';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterByNumber } from '@/lib/platform/enter';
import { Refusal } from '@/lib/platform/errors';
import { CODE_TRIES, CODES_A_DAY, CODES_AN_HOUR } from '@/lib/rules/text-message';
import { testDatabase } from '@/tests/support/database';
import { messagesLine, pretendTwilio } from '@/tests/support/pretend-twilio';
import { freshNumber, freshSid, makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember, asPerson } from '@/tests/support/visits';

const twilio = await pretendTwilio();
const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const nowhere = { ipAddress: null, userAgent: null };

let business: { id: string; number: string };
let olive: Awaited<ReturnType<typeof makePerson>>;
let texts: { to: string; body: string; callback: string }[];
beforeEach(async () => {
  await owner.job.deleteMany();
  business = await makeBusiness(owner);
  olive = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  texts = [];
  twilio.on(messagesLine, (response, _request, body) => {
    const form = new URLSearchParams(body);
    const field = (name: string) => form.get(name) ?? '';
    texts.push({ to: field('To'), body: field('Body'), callback: field('StatusCallback') });
    response.writeHead(201).end(JSON.stringify({ sid: freshSid('SM') }));
  });
});
afterAll(async () => {
  await twilio.close();
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const asks = (number: string, at = new Date()) => asMember(olive.sessionId, askForCode, { number }, at);
const desk = (who = olive) => ({
  ...guestDesk(nowhere),
  viewer: {
    userId: who.id,
    sessionId: who.sessionId,
    role: 'business_owner' as const,
    businessId: business.id,
    grantId: null,
  },
});
const types = (code: string, who = olive) => confirmNumber(desk(who), { code });
const reads = () => asPerson(olive.sessionId, (visit) => readChoice(visit), undefined);
const codeIn = (text = texts.at(-1)) => /^\d{6}/.exec(text?.body ?? '')?.[0] ?? '';
/** Asks for a code and waits for the text. */
async function codeFor(number: string) {
  await asks(number);
  await sweep();
  return codeIn();
}
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('the code that comes by text shows that the telephone is theirs, and from then on texts may be chosen', async () => {
  const number = freshNumber();
  const choose = () => asMember(olive.sessionId, chooseTelling, { mail: 'nothing', text: 'all' });
  await expect(choose()).rejects.toThrow(Refusal);
  const code = await codeFor(number);
  expect(texts).toMatchObject([{ to: number }]);
  expect(await reads()).toMatchObject({ number: null, asked: { number, error: null } });
  await expect(choose()).rejects.toThrow(Refusal);
  await types(`${code.slice(0, 3)} ${code.slice(3)}`);
  expect(await reads()).toMatchObject({ number, asked: null, choice: { mail: 'all', text: 'urgent' } });
  await choose();
  expect(await reads()).toMatchObject({ choice: { mail: 'nothing', text: 'all' } });
});

test('V6.6.3 a code that is wrong five times is worth nothing, also where the tries come at the same time', async () => {
  const code = await codeFor(freshNumber());
  const ends = await Promise.allSettled(Array.from({ length: 20 }, () => types(another(code))));
  expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
  const row = await owner.mobileNumber.findFirstOrThrow({ where: { userId: olive.id } });
  expect(row).toMatchObject({ tries: CODE_TRIES, verifiedAt: null });
  await expect(types(code)).rejects.toThrow(Refusal);
  expect(await reads()).toMatchObject({ number: null });
  const denials = await owner.auditLog.count({ where: { action: 'mobile_number.deny', userId: olive.id } });
  expect(denials).toBe(CODE_TRIES);
});

test('V6.5.1 V6.5.5 V6.6.2 a code by text works once, for ten minutes, for whom it was sent to, and only the newest', async () => {
  const first = await codeFor(freshNumber());
  const second = await codeFor(freshNumber());
  const stranger = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
  await expect(types(second, stranger)).rejects.toThrow(Refusal);
  if (first !== second) await expect(types(first)).rejects.toThrow(Refusal);
  await owner.mobileNumber.updateMany({ where: { userId: olive.id }, data: { expiresAt: new Date(Date.now() - 1) } });
  await expect(types(second)).rejects.toThrow(Refusal);
  const third = await codeFor(freshNumber());
  await types(third);
  await expect(types(third)).rejects.toThrow(Refusal);
});

test('V6.5.4 a code by text has six digits, of which one code tells nothing about another', () => {
  const codes = Array.from({ length: 1000 }, () => codeOf(newId()));
  expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
  expect(new Set(codes).size).toBeGreaterThan(980);
  for (const place of [0, 1, 2, 3, 4, 5]) expect(new Set(codes.map((code) => code[place])).size).toBe(10);
});

test('the telephone before stays until the code of the next was typed', async () => {
  const [one, other] = [freshNumber(), freshNumber()];
  await types(await codeFor(one));
  const code = await codeFor(other);
  expect(await reads()).toMatchObject({ number: one, asked: { number: other } });
  await types(code);
  expect(await reads()).toMatchObject({ number: other, asked: null });
  expect(await owner.mobileNumber.count({ where: { userId: olive.id, verifiedAt: { not: null } } })).toBe(1);
});

test('V6.6.3 nobody asks for more than three codes an hour and six a day, also not at the same time or by removing a number', async () => {
  const at = (hours: number) => new Date(Date.now() - 24 * 3_600_000 + 60_000 + hours * 3_600_000);
  await owner.session.updateMany({
    where: { userId: olive.id },
    data: { createdAt: at(-1), lastSeenAt: at(-1), idleSeconds: 90_000 },
  });
  const ends = await Promise.allSettled(Array.from({ length: 6 }, () => asks(freshNumber(), at(0))));
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(CODES_AN_HOUR);
  await asMember(olive.sessionId, removeNumber, {}, at(0));
  await expect(asks(freshNumber(), at(0.5))).rejects.toThrow(Refusal);
  for (let n = 0; n < CODES_A_DAY - CODES_AN_HOUR; n += 1) await asks(freshNumber(), at(2 + n));
  await expect(asks(freshNumber(), at(20))).rejects.toThrow(Refusal);
});

test.each(['', 'abc', '12', '+1 212 555 01', 'tel:+12125550123', '+12125550123 ext. 4'])(
  '“%s” is no number to text',
  async (number) => {
    await expect(asks(number)).rejects.toThrow(Refusal);
  },
);

test('the number that callers dial is nobody’s own telephone', async () => {
  await expect(asks(business.number)).rejects.toThrow(Refusal);
});

test('whoever waits for a code that does not arrive is told why', async () => {
  const number = freshNumber();
  await codeFor(number);
  await enterByNumber(business.number, nowhere, new Date(), (visit) =>
    takeTextStatus(visit, {
      fields: { MessageStatus: 'undelivered', ErrorCode: '30006', MessageSid: freshSid('SM') },
      query: new URL(texts[0]?.callback ?? '').searchParams,
    }),
  );
  expect(await reads()).toMatchObject({ asked: { number, error: 30_006 } });
  twilio.on(messagesLine, (response) => response.writeHead(400).end(JSON.stringify({ code: 21_614 })));
  await codeFor(freshNumber());
  expect(await reads()).toMatchObject({ asked: { error: 21_614 } });
});

test('removed, the telephone is forgotten, and texts end', async () => {
  await types(await codeFor(freshNumber()));
  await asMember(olive.sessionId, removeNumber, {});
  expect(await reads()).toMatchObject({ number: null, choice: { text: 'nothing' } });
  expect(await owner.mobileNumber.count({ where: { userId: olive.id } })).toBe(0);
});

test('neither the code nor the number stands anywhere in the clear', async () => {
  const number = freshNumber();
  const code = await codeFor(number);
  const rows = [
    await owner.mobileNumber.findMany({ where: { userId: olive.id } }),
    await owner.job.findMany(),
    await owner.auditLog.findMany({ where: { userId: olive.id } }),
  ];
  const text = JSON.stringify(rows, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  expect(text).not.toContain(number.slice(1));
  expect(text).not.toContain(`"${code}"`);
});
