/** Signing in with a second factor: nothing without a code, each code once, and no more guesses than were counted. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeLink } from '@/lib/accounts/one-time-token';
import { resetPassword } from '@/lib/accounts/password/reset-password';
import { passSecondFactor, readPending } from '@/lib/accounts/second-factor/pass-second-factor';
import { readSecondFactor } from '@/lib/accounts/second-factor/read-second-factor';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
} from '@/lib/accounts/second-factor/set-second-factor';
import { confirmIdentity } from '@/lib/accounts/sessions/confirm-identity';
import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import { beginSignIn, type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { sweep } from '@/lib/jobs/run-jobs';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterBySession, enterForSignIn, type Way } from '@/lib/platform/enter';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { readOutbox } from '@/lib/platform/mail';
import { hashPassword } from '@/lib/platform/password';
import { countTry } from '@/lib/platform/rate-limit';
import { codesPerAccount, pendingMinutes } from '@/lib/rules/second-factor';
import { codeAt, giveSecondFactor } from '@/tests/support/authenticator';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const password = 'nine grey herons';
const passwordHash = await hashPassword(password);

afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

let networks = 0;
/** Each time from a network and a browser that nobody has tried from yet. */
const desk = (at = new Date(), deviceId: string | null = randomUUID()): GuestDesk => {
  const origin = { ipAddress: `10.8.${networks >> 8}.${networks++ & 255}`, userAgent: 'test' };
  return { now: at, origin, deviceId, enter: (run) => enterForSignIn(origin, at, run) };
};

type Someone = Awaited<ReturnType<typeof makePerson>>;
let person: Someone;
let secret: string;
let recoveryCodes: readonly string[];
beforeEach(async () => {
  await owner.job.deleteMany();
  person = await makePerson(owner, { passwordHash });
  ({ secret, recoveryCodes } = await giveSecondFactor(owner, person.id));
});

const begin = async (at?: Date, who = person) => {
  const begun = await beginSignIn(desk(at), { email: who.email, password, captcha: await solvedCaptcha(at) });
  if (!('pendingId' in begun)) throw new Error('no code was asked for');
  return begun.pendingId;
};
const pass = (pendingId: string | null, code: string, at?: Date) => passSecondFactor(desk(at), { pendingId, code });
const opens = async (sessionId: string) =>
  (await enterBySession(sessionId, { ipAddress: null, userAgent: null }, new Date(), async () => true)) ?? false;
const trail = async (action: string) =>
  (await owner.auditLog.findMany({ where: { userId: person.id, action }, orderBy: { id: 'asc' } })).map(
    ({ details }) => details,
  );
const subjects = async () => {
  await sweep();
  return (await readOutbox()).filter(({ to }) => to === person.email).map(({ subject }) => subject);
};
const wrong = (n: number) => String((Number(codeAt(secret, new Date())) + 1000 + n) % 1_000_000).padStart(6, '0');
const fulfilled = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length;

describe('signing in', () => {
  test('V6.3.3 V2.3.1 the password alone begins no session, and what it begins opens nothing but the question', async () => {
    const sessions = await owner.session.count();
    const pendingId = await begin();
    expect(await owner.session.count()).toBe(sessions);
    expect(await opens(pendingId)).toBe(false);
    expect(await readPending(desk(), pendingId)).toBe(true);
    expect(await trail('session.await')).toHaveLength(1);
  });

  test('V7.2.4 the code begins a session of its own', async () => {
    const pendingId = await begin();
    const { sessionId } = await pass(pendingId, codeAt(secret, new Date()));
    expect(sessionId).not.toBe(pendingId);
    expect(await opens(sessionId)).toBe(true);
    expect(await trail('session.create')).toHaveLength(1);
  });

  test('V6.3.3 a way of signing in that cannot ask for a code is refused as with a wrong password', async () => {
    const said = (attempt: string) =>
      signIn(desk(), { email: person.email, password: attempt }).catch((error: unknown) => String(error));
    expect(await said(password)).toBe(await said('something else'));
    expect(await owner.session.count({ where: { userId: person.id } })).toBe(1);
  });

  test('V2.3.1 without the password before it, a code begins nothing', async () => {
    const code = codeAt(secret, new Date());
    for (const pendingId of [null, randomUUID(), person.sessionId]) {
      await expect(pass(pendingId, code)).rejects.toThrow(Refusal);
    }
  });

  test('somebody else’s code is no code', async () => {
    const other = await makePerson(owner, { passwordHash });
    const theirs = await giveSecondFactor(owner, other.id);
    const pendingId = await begin();
    await expect(pass(pendingId, codeAt(theirs.secret, new Date()))).rejects.toThrow(Refusal);
    await expect(pass(pendingId, theirs.recoveryCodes[0] ?? '')).rejects.toThrow(Refusal);
  });

  test('waits ten minutes for the code, and no longer', async () => {
    const at = new Date();
    const late = new Date(at.getTime() + pendingMinutes * 60_000);
    const pendingId = await begin(at);
    await expect(pass(pendingId, codeAt(secret, late), late)).rejects.toThrow(/Begin again/);
  });

  test('is over for a code that waits, once the password was changed', async () => {
    const pendingId = await begin();
    const link = await enterAsSystem(new Date(), (visit) => makeLink(visit, person.id, 'reset_password'));
    await resetPassword(desk(), { token: /token=([\w-]+)/.exec(link)?.[1] ?? '', password: 'a lamp above the weir' });
    await expect(pass(pendingId, codeAt(secret, new Date()))).rejects.toThrow(/Begin again/);
  });

  test('V2.3.1 who was suspended while the code was missing is not let in', async () => {
    const pendingId = await begin();
    await owner.user.update({ where: { id: person.id }, data: { suspendedAt: new Date() } });
    await expect(pass(pendingId, codeAt(secret, new Date()))).rejects.toThrow(Refusal);
    expect(await trail('session.create')).toEqual([]);
  });

  test('V6.4.3 a new password by mail still takes the code', async () => {
    const link = await enterAsSystem(new Date(), (visit) => makeLink(visit, person.id, 'reset_password'));
    const fresh = 'a lamp above the weir';
    await resetPassword(desk(), { token: /token=([\w-]+)/.exec(link)?.[1] ?? '', password: fresh });
    expect(await beginSignIn(desk(), { email: person.email, password: fresh })).toEqual({
      pendingId: expect.any(String),
    });
    expect(await owner.session.count({ where: { userId: person.id, revokedAt: null } })).toBe(0);
  });
});

describe('each code works once', () => {
  test('V6.5.1 a code of the app, also in a new sign-in', async () => {
    const at = new Date();
    const code = codeAt(secret, at);
    await pass(await begin(at), code, at);
    await expect(pass(await begin(at), code, at)).rejects.toThrow(Refusal);
  });

  test('V6.5.1 a code of the app before the last used one is used, too', async () => {
    const at = new Date();
    const before = codeAt(secret, new Date(at.getTime() - 30_000));
    await pass(await begin(at), codeAt(secret, at), at);
    await expect(pass(await begin(at), before, at)).rejects.toThrow(Refusal);
  });

  test('V6.5.1 V15.4.2 a code of the app, also when fifty sign-ins bring it at once', async () => {
    const at = new Date();
    const waiting: string[] = [];
    for (let n = 0; n < 50; n += 1) waiting.push(await pendingRow(person.id, at));
    const code = codeAt(secret, at);
    const results = await Promise.allSettled(waiting.map((pendingId) => pass(pendingId, code, at)));
    expect(fulfilled(results)).toBe(1);
    expect(await trail('session.create')).toHaveLength(1);
  });

  test('V6.5.1 V15.4.2 a recovery code, also when fifty sign-ins bring it at once', async () => {
    const at = new Date();
    const waiting: string[] = [];
    for (let n = 0; n < 50; n += 1) waiting.push(await pendingRow(person.id, at));
    const results = await Promise.allSettled(waiting.map((pendingId) => pass(pendingId, recoveryCodes[3] ?? '', at)));
    expect(fulfilled(results)).toBe(1);
    expect(await owner.recoveryCode.count({ where: { userId: person.id, usedAt: null } })).toBe(9);
  });

  test('V6.5.1 one waiting sign-in becomes one session, whatever is brought to it', async () => {
    const pendingId = await begin();
    const codes = [codeAt(secret, new Date()), ...recoveryCodes.slice(0, 3)];
    const results = await Promise.allSettled(codes.map((code) => pass(pendingId, code)));
    expect(fulfilled(results)).toBe(1);
    expect(await owner.recoveryCode.count({ where: { userId: person.id, usedAt: null } })).toBeGreaterThanOrEqual(9);
  });

  test('V6.5.1 every one of the ten recovery codes works once, however it is typed, and its owner hears of it', async () => {
    for (const [n, code] of recoveryCodes.entries()) {
      await pass(await begin(), n % 2 ? code.toLowerCase().replaceAll('-', ' ') : code);
      await expect(pass(await begin(), code)).rejects.toThrow(Refusal);
      await owner.rateLimit.deleteMany();
    }
    expect(await trail('recovery_code.use')).toHaveLength(10);
    expect((await subjects()).filter((subject) => /recovery code .* was used/.test(subject))).toHaveLength(10);
  });
});

describe('guessing', () => {
  test('V6.3.1 ten wrong codes over ten sign-ins close the account after five, and its owner hears of it', async () => {
    for (let n = 0; n < 5; n += 1) await expect(pass(await begin(), wrong(n))).rejects.toThrow(Refusal);
    for (let n = 5; n < 10; n += 1) await expect(begin()).rejects.toThrow(/closed for 30 minutes/);
    expect(await trail('session.deny')).toEqual(Array.from({ length: 5 }, () => ({ reason: 'wrong code' })));
    expect(await subjects()).toEqual(['Your AfterCallPro account is closed for a while']);
  });

  test('V6.3.1 the right password in between takes none of the failures back', async () => {
    const waiting = await begin();
    for (let n = 0; n < 4; n += 1) {
      await expect(pass(waiting, wrong(n))).rejects.toThrow(Refusal);
      await begin();
    }
    await expect(pass(waiting, wrong(5))).rejects.toThrow(Refusal);
    await expect(pass(waiting, codeAt(secret, new Date()))).rejects.toThrow(/closed for 30 minutes/);
  });

  test('V6.3.1 wrong passwords and wrong codes are counted together', async () => {
    const waiting = await begin();
    for (let n = 0; n < 3; n += 1) {
      await signIn(desk(), { email: person.email, password: 'wrong', captcha: await solvedCaptcha() }).catch(() => {});
    }
    for (let n = 0; n < 2; n += 1) await expect(pass(waiting, wrong(n))).rejects.toThrow(Refusal);
    await expect(pass(waiting, codeAt(secret, new Date()))).rejects.toThrow(/closed for 30 minutes/);
  });

  test('V6.3.1 V15.4.2 a hundred guesses at once come to five looks', async () => {
    const waiting = await begin();
    await Promise.allSettled(Array.from({ length: 100 }, (_, n) => pass(waiting, wrong(n))));
    const looks = (await trail('session.deny')).filter((details) => JSON.stringify(details).includes('wrong code'));
    expect(looks.length).toBeLessThanOrEqual(5);
  });

  test('V6.3.1 whoever also reads the mail has thirty guesses a day', async () => {
    const { tries } = codesPerAccount;
    const results: unknown[] = [];
    for (let n = 0; n <= tries; n += 1) {
      const pendingId = await pendingRow(person.id, new Date());
      results.push(await pass(pendingId, wrong(n)).catch((error: unknown) => error));
      await owner.user.update({ where: { id: person.id }, data: { failedLoginAttempts: 0, accountLockedUntil: null } });
    }
    expect(results.slice(0, tries).every((error) => error instanceof Refusal)).toBe(true);
    expect(results[tries]).toBeInstanceOf(TooMany);
  });

  test('V6.3.1 V16.3.1 are counted with those that prove it is still them, and the refusal is written down', async () => {
    for (let n = 0; n < codesPerAccount.tries; n += 1) await countTry(codesPerAccount, person.id);
    const at = new Date();
    const viewer = {
      userId: person.id,
      sessionId: person.sessionId,
      role: 'user',
      businessId: null,
      grantId: null,
    } as const;
    const proof = confirmIdentity({ ...desk(at), viewer }, { password, code: codeAt(secret, at) });
    await expect(proof).rejects.toThrow(TooMany);
    expect(await trail('session.deny')).toContainEqual({ reason: 'limited' });
  });
});

describe('turning it on and off', () => {
  let fresh: Someone;
  const own = (at = new Date()): PersonDesk => ({
    ...desk(at),
    viewer: { userId: fresh.id, sessionId: fresh.sessionId, role: 'user', businessId: null, grantId: null },
  });
  const setup = async () => (await asPerson(fresh.sessionId, readSecondFactor, undefined)).setup;
  const keyOf = async () => (await setup())?.key.replaceAll(' ', '') ?? '';
  const turnOn = async () => {
    await beginSecondFactor(own());
    const key = await keyOf();
    const at = new Date();
    const { codes } = await confirmSecondFactor(own(at), { code: codeAt(key, at) });
    return { key, codes };
  };
  const other = async () => {
    const begun = await beginSignIn(desk(), { email: fresh.email, password });
    if ('pendingId' in begun) throw new Error('a code was asked for');
    return begun.sessionId;
  };
  beforeEach(async () => {
    fresh = await makePerson(owner, { passwordHash });
    person = fresh;
  });

  test('a secret that no code has confirmed asks nobody for one', async () => {
    await beginSecondFactor(own());
    expect(await keyOf()).toMatch(/^[A-Z2-7]{32}$/);
    expect(await opens(await other())).toBe(true);
    await expect(confirmSecondFactor(own(), { code: '000000' })).rejects.toThrow(Refusal);
    expect(await opens(await other())).toBe(true);
  });

  test('V7.4.3 turning it on ends every other session, and from then on a code is asked for', async () => {
    const elsewhere = await other();
    const { codes } = await turnOn();
    expect(codes).toHaveLength(10);
    expect([await opens(elsewhere), await opens(fresh.sessionId)]).toEqual([false, true]);
    await expect(other()).rejects.toThrow(/code was asked for/);
    expect(await subjects()).toEqual(['Your AfterCallPro account now asks for a code']);
  });

  test('V6.5.1 the code that turned it on is used up by that', async () => {
    const at = new Date();
    await beginSecondFactor(own(at));
    const code = codeAt(await keyOf(), at);
    await confirmSecondFactor(own(at), { code });
    await expect(pass(await begin(at, fresh), code, at)).rejects.toThrow(Refusal);
  });

  test('the secret is shown until it is confirmed, and never again', async () => {
    await turnOn();
    expect(await asPerson(fresh.sessionId, readSecondFactor, undefined)).toEqual({
      isOn: true,
      isRequired: false,
      codesLeft: 10,
      setup: null,
    });
    await expect(beginSecondFactor(own())).rejects.toThrow(Refusal);
    await expect(confirmSecondFactor(own(), { code: '000000' })).rejects.toThrow(Refusal);
  });

  test('V15.4.2 confirmed twice at once, it is on once, with the ten codes of whoever was first', async () => {
    await beginSecondFactor(own());
    const at = new Date();
    const code = codeAt(await keyOf(), at);
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => confirmSecondFactor(own(at), { code })));
    expect(fulfilled(results)).toBe(1);
    expect(await owner.recoveryCode.count({ where: { userId: fresh.id } })).toBe(10);
  });

  test('V7.4.3 new codes make the old ones worthless and end every other session', async () => {
    const { codes: old } = await turnOn();
    const { sessionId: elsewhere } = await pass(await begin(undefined, fresh), old[0] ?? '');
    const { codes } = await replaceRecoveryCodes(own());
    expect(await opens(elsewhere)).toBe(false);
    await expect(pass(await begin(undefined, fresh), old[1] ?? '')).rejects.toThrow(Refusal);
    await pass(await begin(undefined, fresh), codes[0] ?? '');
    expect(new Set([...old, ...codes]).size).toBe(20);
  });

  test('new codes asked for twice at once are ten', async () => {
    await turnOn();
    await Promise.all([replaceRecoveryCodes(own()), replaceRecoveryCodes(own())]);
    expect(await owner.recoveryCode.count({ where: { userId: fresh.id } })).toBe(10);
  });

  test('V7.4.3 turning it off ends every other session, forgets the secret and the codes, and its owner hears of it', async () => {
    const { codes } = await turnOn();
    const { sessionId: elsewhere } = await pass(await begin(undefined, fresh), codes[0] ?? '');
    await removeSecondFactor(own());
    expect(await opens(elsewhere)).toBe(false);
    expect(await opens(await other())).toBe(true);
    const row = await owner.user.findUniqueOrThrow({ where: { id: fresh.id } });
    expect(row).toMatchObject({ twoFactorEnabled: false, twoFactorSecret: null, twoFactorLastStep: null });
    expect(await owner.recoveryCode.count({ where: { userId: fresh.id } })).toBe(0);
    expect(await subjects()).toContain('Your AfterCallPro account no longer asks for a code');
  });
});

describe('what is kept', () => {
  test('V6.5.2 V6.5.4 recovery codes are 80 bits each, of which only salted argon2id hashes are kept', async () => {
    const rows = await owner.recoveryCode.findMany({ where: { userId: person.id } });
    const kept = rows.map(({ codeHash }) => codeHash);
    expect(new Set(kept).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const other = await makePerson(owner);
    await giveSecondFactor(owner, other.id);
    const [theirs] = await owner.recoveryCode.findMany({ where: { userId: other.id } });
    expect(theirs?.salt).not.toEqual(rows[0]?.salt);
    const dump = await owner.$queryRaw<{ row: string }[]>`SELECT r::text AS row FROM recovery_codes r`;
    const plain = recoveryCodes.flatMap((code) => [code, code.replaceAll('-', '')]);
    expect(plain.filter((code) => dump.some(({ row }) => row.includes(code)))).toEqual([]);
  });

  test('the secret is sealed, and nobody but the role that checks it can read it', async () => {
    const { twoFactorSecret } = await owner.user.findUniqueOrThrow({ where: { id: person.id } });
    expect(Buffer.from(twoFactorSecret ?? []).includes(secret)).toBe(false);
    for (const role of ['app_viewer', 'app_admin']) {
      for (const sql of [
        'SELECT two_factor_secret FROM users',
        'SELECT code_hash FROM recovery_codes',
        'SELECT id FROM pending_sign_ins',
      ]) {
        const read = database().prisma.$transaction(async (tx) => {
          await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`);
          await tx.$queryRawUnsafe(sql);
        });
        await expect(read, `${role}: ${sql}`).rejects.toThrow(/permission denied/);
      }
    }
  });

  test('nobody is shown the secret of a colleague', async () => {
    const { id: businessId } = await makeBusiness(owner);
    const member = { businessId, role: 'staff' as const };
    const other = await makePerson(owner, { member });
    await owner.membership.create({ data: { ...member, userId: person.id } });
    await owner.user.update({ where: { id: person.id }, data: { twoFactorEnabled: false } });
    expect((await asPerson(other.sessionId, readSecondFactor, undefined)).setup).toBeNull();
  });
});

describe('who must have one and has none', () => {
  const seen = (sessionId: string, as: Way) =>
    enterBySession(
      sessionId,
      { ipAddress: null, userAgent: null },
      new Date(),
      async ({ tx, viewer }, { lacksSecondFactor }) => {
        const [row] = await tx.$queryRaw<{ role: string; business: string }[]>`
          SELECT current_user AS role, current_setting('app.business_id', true) AS business`;
        const { role, businessId } = viewer;
        return { lacksSecondFactor, role, businessId, database: row };
      },
      as,
    );
  const nobody = {
    lacksSecondFactor: true,
    role: 'user',
    businessId: null,
    database: { role: 'app_viewer', business: '' },
  };

  test('V6.3.3 V8.3.1 V8.4.1 enters no business, whatever door forgets to ask', async () => {
    const { id: businessId } = await makeBusiness(owner);
    const boss = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
    expect(await seen(boss.sessionId, 'member')).toMatchObject({ lacksSecondFactor: false, businessId });
    await owner.business.update({ where: { id: businessId }, data: { twoFactorRequired: true } });
    expect(await seen(boss.sessionId, 'member')).toEqual(nobody);
    await giveSecondFactor(owner, boss.id);
    expect(await seen(boss.sessionId, 'member')).toMatchObject({ role: 'business_owner', businessId });
  });

  test('V6.3.3 V8.3.1 is no admin', async () => {
    const admin = await makePerson(owner, { role: 'admin', secondFactor: 'off' });
    expect(await seen(admin.sessionId, 'operator')).toEqual(nobody);
    await giveSecondFactor(owner, admin.id);
    expect(await seen(admin.sessionId, 'operator')).toMatchObject({ role: 'admin', database: { role: 'app_admin' } });
  });

  test('V6.3.3 cannot turn it off again', async () => {
    const { id: businessId } = await makeBusiness(owner);
    const colleague = await makePerson(owner, { member: { businessId, role: 'staff' }, secondFactor: 'on' });
    const own: PersonDesk = {
      ...desk(),
      viewer: { userId: colleague.id, sessionId: colleague.sessionId, role: 'staff', businessId, grantId: null },
    };
    await owner.business.update({ where: { id: businessId }, data: { twoFactorRequired: true } });
    await expect(removeSecondFactor(own)).rejects.toThrow(/must have a second factor/);
    await owner.business.update({ where: { id: businessId }, data: { twoFactorRequired: false } });
    await removeSecondFactor(own);
  });
});

/** A sign-in that waits, without the hashing that comes before it. */
async function pendingRow(userId: string, at: Date): Promise<string> {
  const id = randomUUID();
  const expiresAt = new Date(at.getTime() + pendingMinutes * 60_000);
  await owner.pendingSignIn.create({ data: { id, userId, createdAt: at, expiresAt } });
  return id;
}
