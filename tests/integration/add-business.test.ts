/** Somebody with an account begins a business: their first, or one more, and never more than one account may own. */
import { afterAll, expect, test } from 'vitest';
import { addBusiness } from '@/lib/accounts/add-business';
import { readAccount } from '@/lib/accounts/read-account';
import { firstSteps } from '@/lib/businesses/first-steps';
import { saveHours } from '@/lib/businesses/save-hours';
import { database } from '@/lib/platform/db';
import { enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { Refusal } from '@/lib/platform/errors';
import { open } from '@/lib/platform/sealing';
import { mostOwned } from '@/lib/rules/first-business';
import { testDatabase } from '@/tests/support/database';
import { freshNumber, makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember, asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const origin = { ipAddress: '10.4.0.1', userAgent: 'test' };
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

type Someone = Awaited<ReturnType<typeof makePerson>>;
const viewerOf = ({ sessionId }: Someone) =>
  enterBySession(sessionId, origin, new Date(), async ({ viewer }) => viewer);
async function add(who: Someone, name = 'Weir Street Plumbing') {
  const viewer = await viewerOf(who);
  if (!viewer) throw new Error('this session opens nothing');
  const now = new Date();
  const desk = {
    now,
    origin,
    deviceId: null,
    enter: (run) => enterForSignIn(origin, now, run),
    viewer,
  } as const satisfies Parameters<typeof addBusiness>[0];
  return addBusiness(desk, { business: name, zone: 'Europe/Lisbon' });
}
const owned = (who: Someone) =>
  owner.membership.findMany({ where: { userId: who.id, role: 'business_owner' }, include: { business: true } });

test('somebody without a business begins one, owns it, and is in it', async () => {
  const ines = await makePerson(owner);
  expect(await asPerson(ines.sessionId, readAccount, null)).toMatchObject({ canAdd: 'yes', businesses: [] });
  await add(ines);
  const [membership] = await owned(ines);
  expect(membership?.business).toMatchObject({
    name: 'Weir Street Plumbing',
    zone: 'Europe/Lisbon',
    tier: 'free',
    monthlyMinutesLimit: 30,
    suspendedAt: null,
  });
  expect(membership && open('Business', membership.business).contactEmail).toBe(ines.email);
  expect(await viewerOf(ines)).toMatchObject({ role: 'business_owner', businessId: membership?.businessId });
  expect(await asMember(ines.sessionId, firstSteps, {})).toEqual({ number: false, hours: false, greeting: false });
});

test('it begins the trail of the new business, and leaves none in the business that they were in', async () => {
  const clinic = await makeBusiness(owner);
  const noor = await makePerson(owner, { member: { businessId: clinic.id, role: 'staff' } });
  await add(noor);
  const entries = await owner.auditLog.findMany({ where: { userId: noor.id }, orderBy: { id: 'asc' } });
  const [{ businessId } = { businessId: null }] = await owned(noor);
  expect(entries.map((entry) => [entry.action, entry.businessId])).toEqual([
    ['business.create', businessId],
    ['membership.create', businessId],
  ]);
  expect(await owner.membership.count({ where: { businessId: clinic.id } })).toBe(1);
});

test('an account owns so many and no more, however many are asked for at the same time', async () => {
  const ines = await makePerson(owner);
  const tries = await Promise.allSettled(Array.from({ length: mostOwned + 6 }, () => add(ines)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(mostOwned);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(Refusal);
  expect(await owned(ines)).toHaveLength(mostOwned);
  expect(await asPerson(ines.sessionId, readAccount, null)).toMatchObject({ canAdd: 'owns enough' });
  const denied = await owner.auditLog.count({ where: { userId: ines.id, action: 'business.deny' } });
  expect(denied).toBe(6);
});

test('who runs the platform begins none', async () => {
  const admin = await makePerson(owner, { role: 'admin' });
  expect(await asPerson(admin.sessionId, readAccount, null)).toMatchObject({ canAdd: null });
  await expect(add(admin)).rejects.toThrow(/runs the platform/);
  expect(await owned(admin)).toEqual([]);
});

test('a business that is never open has seen to its hours once they are saved as they are', async () => {
  const ines = await makePerson(owner);
  await add(ines);
  const [{ businessId } = { businessId: '' }] = await owned(ines);
  await owner.phoneRoute.create({ data: { number: freshNumber(), businessId } });
  expect(await asMember(ines.sessionId, firstSteps, {})).toMatchObject({ number: true, hours: false });
  await asMember(ines.sessionId, saveHours, { zone: 'Europe/Lisbon' });
  expect(await asMember(ines.sessionId, firstSteps, {})).toBeNull();
});
