/** `npm run admin -- create`, as typed in a shell, and the page that its link leads to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { becomeAdmin, readAdminLink } from '@/lib/accounts/administration/become-admin';
import { resetPassword } from '@/lib/accounts/password/reset-password';
import { signIn } from '@/lib/accounts/sign-in/sign-in';
import { guestDesk } from '@/lib/doors/guest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { Refusal } from '@/lib/platform/errors';
import { open } from '@/lib/platform/sealing';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

async function admin(args: readonly string[], typed = '', environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', ...args], {
    env: { ...process.env, ...environment },
  });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.end(typed);
  const [code] = await once(child, 'close');
  return { code: code as number, out, said };
}

let networks = 0;
const desk = () => guestDesk({ ipAddress: `10.11.0.${networks++}`, userAgent: 'test' });
const tokenOf = (out: string) => new URL(out.trim()).searchParams.get('token') ?? '';
const password = 'a lamp above the weir';

let email: string;
beforeEach(async () => {
  email = `${newId()}@example.com`;
  await owner.$executeRaw`ALTER TABLE users DISABLE TRIGGER users_an_admin_changes`;
  await owner.user.updateMany({ data: { role: 'user' } });
  await owner.$executeRaw`ALTER TABLE users ENABLE TRIGGER users_an_admin_changes`;
});

describe('the command', () => {
  test('explains itself, and says what it does not understand', async () => {
    const help = await admin(['--help']);
    expect(help).toMatchObject({ code: 0, said: '' });
    expect(help.out).toContain('npm run admin -- create [e-mail]');
    for (const args of [[], ['remove'], ['create', 'a@example.com', 'b@example.com'], ['create', '--force']])
      expect(await admin(args)).toMatchObject({ code: 2, out: '' });
  });

  test('prints a link to our own address, and no password, and the link makes an admin once', async () => {
    const { code, out, said } = await admin(['create', email]);
    expect([code, out.trim().split('\n').length]).toEqual([0, 1]);
    expect(out).toMatch(/^http:\/\/[^/]+\/new-admin\?token=[\w-]{43}\n$/);
    expect(said).toContain('30 minutes');
    const token = tokenOf(out);
    expect(await readAdminLink(desk(), { token })).toEqual({ works: true });
    await becomeAdmin(desk(), { token, name: 'Ada Lovelace', password });
    expect(await readAdminLink(desk(), { token })).toEqual({ works: false });
    await expect(becomeAdmin(desk(), { token, name: 'Mallory', password })).rejects.toThrow(Refusal);
    const user = await owner.user.findFirstOrThrow({ where: { role: 'admin' } });
    expect(open('User', user)).toMatchObject({ name: 'Ada Lovelace', email });
    expect(await signIn(desk(), { email, password })).toMatchObject({ role: 'admin' });
    expect(await owner.auditLog.count({ where: { action: 'account.create', resourceId: user.id } })).toBe(2);
  });

  test('asks for the e-mail where none is given', async () => {
    const { code, out } = await admin(['create'], `${email}\n`);
    expect([code, out]).toEqual([0, expect.stringContaining('/new-admin?token=')]);
  });

  test('refuses where the platform has an admin, unless one more is asked for', async () => {
    await becomeAdmin(desk(), { token: tokenOf((await admin(['create', email])).out), name: 'Ada', password });
    const another = `${newId()}@example.com`;
    expect(await admin(['create', another])).toEqual({
      code: 1,
      out: '',
      said: 'The platform has an admin already. If you want one more, say so with --another.\n',
    });
    expect((await admin(['create', another, '--another'])).code).toBe(0);
    expect((await admin(['create', email, '--another'])).said).toMatch(/admin’s already/);
  });

  test('makes a new link for who did not use the first, and a spent one spends the others', async () => {
    const first = tokenOf((await admin(['create', email])).out);
    const second = tokenOf((await admin(['create', email])).out);
    expect(await owner.user.count({ where: { role: 'admin' } })).toBe(1);
    await becomeAdmin(desk(), { token: second, name: 'Ada', password });
    expect(await readAdminLink(desk(), { token: first })).toEqual({ works: false });
  });

  test('makes no admin of an account that is there, and none of what is no e-mail', async () => {
    const person = await makePerson(owner);
    expect(await admin(['create', person.email])).toMatchObject({ code: 1, out: '' });
    expect(await admin(['create', 'nonsense'])).toMatchObject({
      code: 1,
      said: expect.stringMatching(/not an e-mail/),
    });
    expect(await owner.user.count({ where: { role: 'admin' } })).toBe(0);
  });

  test('fails without repeating the address of a database that is not there', async () => {
    const failed = await admin(['create', email], '', {
      DATABASE_URL: 'postgresql://app:open-sesame@127.0.0.1:1/none',
    });
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.said).not.toContain('open-sesame');
  });
});

test('the link is for this one purpose, and its password obeys the rules', async () => {
  const token = tokenOf((await admin(['create', email])).out);
  await expect(resetPassword(desk(), { token, password })).rejects.toThrow(Refusal);
  await expect(becomeAdmin(desk(), { token, name: 'Ada', password: 'password' })).rejects.toThrow(Refusal);
  expect(await readAdminLink(desk(), { token })).toEqual({ works: true });
});
