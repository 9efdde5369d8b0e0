/** Where one is signed in: seen and ended by nobody but oneself. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readSecurity } from '@/lib/accounts/sessions/read-security';
import { revokeOtherSessions } from '@/lib/accounts/sessions/revoke-other-sessions';
import { revokeSession } from '@/lib/accounts/sessions/revoke-session';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { NotFound } from '@/lib/platform/errors';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';
import { asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const at = new Date();
const ago = (minutes: number) => new Date(at.getTime() - minutes * 60_000);

let person: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  person = await makePerson(owner, { at: ago(30) });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

async function another(more: { seen?: Date; revokedAt?: Date; expiresAt?: Date } = {}) {
  const id = newId();
  await owner.session.create({
    data: {
      id,
      userId: person.id,
      createdAt: ago(12 * 60 - 1),
      lastSeenAt: more.seen ?? ago(5),
      idleSeconds: 3600,
      expiresAt: more.expiresAt ?? new Date(at.getTime() + 60_000),
      revokedAt: more.revokedAt ?? null,
      ipAddress: '192.0.2.9',
      userAgent: 'test',
    },
  });
  return id;
}
const listed = async () => (await asPerson(person.sessionId, readSecurity, undefined, at)).sessions;
const opens = (sessionId: string) => asPerson(sessionId, async () => true, undefined, at).catch(() => false);

test('V7.5.2 the list holds what is still open, this session first and marked', async () => {
  const open = await another();
  await another({ revokedAt: ago(1) });
  await another({ seen: ago(61) });
  await another({ expiresAt: ago(1) });
  await makePerson(owner);
  expect((await listed()).map(({ id, isThis }) => [id, isThis])).toEqual([
    [person.sessionId, true],
    [open, false],
  ]);
});

test('V7.4.1 V7.5.2 a session that is ended opens nothing from then on', async () => {
  const id = await another();
  await asPerson(person.sessionId, revokeSession, { id }, at);
  expect(await opens(id)).toBe(false);
  expect(await opens(person.sessionId)).toBe(true);
  expect((await listed()).map((session) => session.id)).toEqual([person.sessionId]);
});

test('V7.5.2 all others end together, and the trail names them', async () => {
  const ids = [await another(), await another()];
  await asPerson(person.sessionId, revokeOtherSessions, undefined, at);
  for (const id of ids) expect(await opens(id)).toBe(false);
  expect(await opens(person.sessionId)).toBe(true);
  const [entry] = await owner.auditLog.findMany({ where: { userId: person.id, action: 'session.revoke' } });
  expect(entry?.details).toMatchObject({ ids: expect.arrayContaining(ids) });
});

test('V8.2.2 somebody else’s session is not there to be ended', async () => {
  const stranger = await makePerson(owner, { at });
  for (const id of [stranger.sessionId, newId()]) {
    await expect(asPerson(person.sessionId, revokeSession, { id }, at)).rejects.toThrow(NotFound);
  }
  expect(await opens(stranger.sessionId)).toBe(true);
});
