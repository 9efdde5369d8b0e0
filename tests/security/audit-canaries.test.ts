/**
 * Entries hold ids and names of fields, and never what a field holds: a canary in every sealed column and in every field
 * of every form, every page opened and every action tried as everybody, and none of them is in the trail.
 */
import { randomUUID } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { hashPassword } from '@/lib/platform/password';
import { blindIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { dataMap, type Model, sealedColumns } from '@/lib/rules/data-map';
import type { FormState } from '@/lib/rules/form-state';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import {
  freshNumber,
  freshSid,
  makeBlock,
  makeBusiness,
  makeGrant,
  makeHold,
  makeInvitation,
  makeLiveTranscript,
  makeMobile,
  makePerson,
  ownerClient,
} from '@/tests/support/rows';

const browser = vi.hoisted(() => ({ cookie: '', origin: 'http://127.0.0.1:3000' }));
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: () => (browser.cookie ? { value: browser.cookie } : undefined),
    set: () => {},
    delete: () => {},
  }),
  headers: async () => new Headers({ origin: browser.origin }),
}));
vi.mock('next/cache', () => ({ revalidatePath: () => {} }));
vi.mock('next/server', async (original) => ({
  ...(await original<object>()),
  connection: async () => {},
  after: () => {},
}));
vi.mock('next/navigation', async (original) => {
  const leave = (where: string) => () => {
    throw new Error(`left for ${where}`);
  };
  return {
    ...(await original<object>()),
    redirect: leave('elsewhere'),
    notFound: leave('404'),
    forbidden: leave('403'),
  };
});

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

const planted: string[] = [];
/** A word that stands nowhere else. */
function canary(shape: (word: string) => string = (word) => word): string {
  const word = shape(`canary${randomUUID().replaceAll('-', '').slice(0, 12)}`);
  planted.push(word);
  return word;
}
let numbers = 4150;
/** A telephone number is looked for by its digits. */
const canaryNumber = () => {
  planted.push(`1415555${numbers}`);
  return `+1415555${numbers++}`;
};

type Page = (props: { params: Promise<object>; searchParams: Promise<object> }) => Promise<unknown>;
type Action = (state: FormState, form: FormData) => Promise<FormState>;
const pages = import.meta.glob<{ default: Page }>('../../app/**/page.tsx');
const actions = import.meta.glob<Record<string, Action>>('../../app/**/actions.ts');

/** Forms that go through, so that what they hold is stored: a field that is not here holds a canary alone. */
const forms: Readonly<Record<string, () => Record<string, string>>> = {
  saveGreeting: () => ({ greeting: canary() }),
  saveHours: () => ({
    zone: 'Europe/Berlin',
    '1.0.opens': '09:00',
    '1.0.closes': '17:00',
    'exceptions.0.date': '2027-01-01',
    'exceptions.0.reason': canary(),
  }),
  savePeople: () => ({ ringSeconds: '20', 'people.0.name': canary(), 'people.0.number': canaryNumber() }),
  saveNumber: () => ({ number: freshNumber() }),
  findCaller: () => ({ number: callerNumber }),
  findPerson: () => ({ email }),
  signIn: () => ({ email, password: canary() }),
  signUp: () => ({
    as: 'owner',
    name: canary(),
    email: canary((word) => `${word}@example.com`),
    password: canary((word) => `a lamp ${word}`),
    business: canary(),
    zone: 'Europe/Lisbon',
    consent: 'on',
    captcha,
  }),
  resendConfirmation: () => ({ email: canary((word) => `${word}@example.com`) }),
  changeName: () => ({ name: canary() }),
  askForEmailChange: () => ({ email: canary((word) => `${word}@example.com`) }),
  askForCode: () => ({ number: canaryNumber() }),
  placeHold: () => ({ on: 'person', number: canaryNumber(), reason: canary() }),
  choosePeriods: () => ({ recording: '40', transcript: '90', metadata: '365', basis: canary() }),
  inviteMember: () => ({ email: canary((word) => `${word}@example.com`), role: 'staff' }),
  joinByInvitation: () => ({ token: invitationToken, name: canary(), password: canary(), consent: 'on' }),
};
const captcha = await solvedCaptcha();
/** The fields that forms have, each with a canary: what no form takes must not be noted down either. */
const everyField = () =>
  Object.fromEntries(
    [
      'id',
      'number',
      'greeting',
      'zone',
      'email',
      'password',
      'name',
      'text',
      'notes',
      'reason',
      'people.0.name',
      'code',
      'token',
      'captcha',
      'business',
    ].map((name) => [name, canary()]),
  );

const email = canary((word) => `${word}@example.com`);
const callerNumber = canaryNumber();
const callId = newId();
const recordingSid = freshSid('RE');
let people: Record<string, string>;
let invitationToken: string;

beforeAll(async () => {
  const business = await makeBusiness(owner);
  const home = { businessId: business.id };
  await owner.business.update({
    where: { id: business.id },
    data: seal('Business', { id: business.id, contactEmail: canary() }),
  });
  await owner.dutyContact.create({
    data: seal('DutyContact', { ...home, id: newId(), position: 0, name: canary(), phone: canaryNumber() }),
  });
  await owner.call.create({
    data: seal('Call', {
      ...home,
      id: callId,
      callSid: freshSid('CA'),
      type: 'inbound' as const,
      status: 'completed' as const,
      intent: 'message' as const,
      calledNumber: '+12125550100',
      callerNumber,
      ...indexColumns('callerNumberIndex', blindIndex('phone', callerNumber)),
      callerName: canary(),
      wanted: canary(),
      startedAt: new Date(),
    }),
  });
  await owner.callEvent.create({
    data: seal('CallEvent', {
      ...home,
      id: newId(),
      callId,
      key: 'k',
      kind: 'greeted',
      said: canary(),
      at: new Date(),
    }),
  });
  await owner.transcript.create({
    data: seal('Transcript', {
      ...home,
      id: newId(),
      callId,
      recordingSid,
      status: 'completed' as const,
      text: canary(),
      createdAt: new Date(),
    }),
  });
  await makeLiveTranscript(owner, business.id, callId, [[1, canary(), 0.4]]);
  const customer = { customerPhone: canaryNumber(), customerEmail: canary() };
  await owner.appointment.create({
    data: seal('Appointment', {
      ...home,
      ...customer,
      id: newId(),
      customerName: canary(),
      ...indexColumns('customerPhoneIndex', blindIndex('phone', customer.customerPhone)),
      ...indexColumns('customerEmailIndex', blindIndex('email', customer.customerEmail)),
      startsAt: new Date(),
      endsAt: new Date(Date.now() + 3_600_000),
      service: 'Check-up',
      notes: canary(),
    }),
  });
  const invited = await makeInvitation(owner, business.id, { email: canary((word) => `${word}@example.com`) });
  invitationToken = invited.token;
  planted.push(invited.token);
  const waiting = { createdAt: new Date(), expiresAt: new Date(Date.now() + 3_600_000) };
  await owner.signUp.create({
    data: {
      ...seal('SignUp', { id: newId(), email: canary(), name: canary() }),
      ...waiting,
      ...indexColumns('emailIndex', blindIndex('email', canary())),
      passwordHash: await hashPassword('another password'),
    },
  });
  await makeHold(owner, business.id, canaryNumber(), canary());
  const optedOut = canaryNumber();
  await owner.optOut.create({
    data: {
      ...seal('OptOut', { ...home, id: newId(), number: optedOut }),
      ...indexColumns('numberIndex', blindIndex('phone', optedOut)),
      channel: 'texts',
      since: new Date(),
    },
  });
  await makeBlock(owner, business.id, canaryNumber());
  await makeGrant(owner, business.id, { userId: newId(), sessionId: newId() }, canary());
  const mover = await makePerson(owner);
  await makeMobile(owner, mover.id, canaryNumber());
  await owner.emailChange.create({
    data: {
      ...seal('EmailChange', { id: newId(), oldEmail: canary(), newEmail: canary() }),
      ...waiting,
      userId: mover.id,
      sessionId: mover.sessionId,
      ...indexColumns('oldEmailIndex', blindIndex('email', canary())),
      ...indexColumns('newEmailIndex', blindIndex('email', canary())),
    },
  });
  const make = async (role: 'admin' | 'business_owner' | 'staff' | 'user', address: string) => {
    const id = newId();
    const sessionId = newId();
    const now = new Date();
    await owner.user.create({
      data: {
        ...seal('User', { id, email: address, name: canary(), twoFactorSecret: canary() }),
        ...indexColumns('emailIndex', blindIndex('email', address)),
        role: role === 'admin' ? 'admin' : 'user',
        twoFactorEnabled: role === 'admin',
        credential: { create: { passwordHash: await hashPassword('another password') } },
        ...((role === 'business_owner' || role === 'staff') && { memberships: { create: { ...home, role } } }),
        sessions: {
          create: {
            id: sessionId,
            businessId: role === 'business_owner' || role === 'staff' ? business.id : null,
            createdAt: now,
            lastSeenAt: now,
            idleSeconds: 3600,
            reauthenticatedAt: now,
            expiresAt: new Date(now.getTime() + 3_600_000),
          },
        },
      },
    });
    return encode({ token: { sid: sessionId }, secret: process.env.SECRET_KEY ?? '' });
  };
  people = {
    business_owner: await make('business_owner', email),
    staff: await make('staff', canary()),
    user: await make('user', canary()),
    admin: await make('admin', canary()),
    nobody: '',
  };
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const tables: Readonly<Partial<Record<Model, string>>> = {
  User: 'users',
  Business: 'businesses',
  Invitation: 'invitations',
  DutyContact: 'duty_contacts',
  Call: 'calls',
  CallEvent: 'call_events',
  Transcript: 'transcripts',
  Appointment: 'appointments',
  SignUp: 'sign_ups',
  EmailChange: 'email_changes',
  AccessGrant: 'access_grants',
  LegalHold: 'legal_holds',
  OptOut: 'opt_outs',
  MobileNumber: 'mobile_numbers',
  KnownCaller: 'known_callers',
};

test('a canary is in every sealed column', async () => {
  for (const model of Object.keys(dataMap) as Model[]) {
    for (const column of sealedColumns(model)) {
      const name = String(column).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const [row] = await owner.$queryRawUnsafe<{ count: number }[]>(
        `SELECT count(${name})::int FROM ${tables[model]}`,
      );
      expect(row?.count, `${model}.${String(column)}`).toBeGreaterThan(0);
    }
  }
});

test('V16.2.5 no page and no action writes any of them into the trail, whoever tries it and whatever comes of it', async () => {
  const tried: string[] = [];
  const visit = async (what: string, run: () => Promise<unknown>) => {
    tried.push(what);
    await Promise.resolve()
      .then(run)
      .catch((error: Error) => expect(error.message, what).toMatch(/^left for/));
  };
  for (const cookie of Object.values(people)) {
    browser.cookie = cookie;
    for (const [path, load] of Object.entries(pages)) {
      const { default: page } = await load();
      const words = () => ({ about: canary(), next: canary(), at: canary(), number: canary(), q: canary() });
      for (const id of [callId, canary()]) {
        const query = path.includes('[id]') ? {} : words();
        await visit(path, () => page({ params: Promise.resolve({ id }), searchParams: Promise.resolve(query) }));
      }
      await visit(path, () =>
        page({
          params: Promise.resolve({ id: callId }),
          searchParams: Promise.resolve({ ...words(), before: canary(), action: canary(), caller: canary() }),
        }),
      );
    }
    for (const [path, load] of Object.entries(actions)) {
      for (const [name, action] of Object.entries(await load())) {
        if (name === 'signOut') continue; // it would end the session of what follows
        for (const fields of [everyField(), { id: callId }, forms[name]?.() ?? {}]) {
          for (const origin of ['http://127.0.0.1:3000', 'https://evil.example']) {
            browser.origin = origin;
            const form = new FormData();
            for (const [field, value] of Object.entries(fields)) form.set(field, value);
            await visit(`${path} ${name}`, () => action(null, form));
          }
        }
      }
    }
  }
  expect(tried.length).toBeGreaterThan(200);

  const trail = await owner.auditLog.findMany();
  const said = new Set(trail.map(({ action }) => action));
  for (const action of [
    'access.deny',
    'request.fail',
    'call.read',
    'call.search',
    'business.update',
    'session.deny',
    'invitation.create',
    'membership.create',
  ]) {
    expect([...said]).toContain(action);
  }
  const text = JSON.stringify(trail).toLowerCase();
  const spellings = (word: string) => [
    word.toLowerCase(),
    Buffer.from(word).toString('hex'),
    Buffer.from(word).toString('base64').replace(/=+$/, '').slice(0, -1).toLowerCase(),
  ];
  expect(planted.length).toBeGreaterThan(500);
  expect(planted.filter((word) => spellings(word).some((spelling) => text.includes(spelling)))).toEqual([]);
});
