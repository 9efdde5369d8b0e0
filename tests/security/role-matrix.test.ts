/**
 * Who may, may; who may not, may not: four roles, two businesses and nobody, against every page, route handler and
 * server action that the build lists. A new one that is not in the tables below fails here.
 */
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordingAddress } from '@/lib/calls/recording-address';
import { codeOf } from '@/lib/notifications/text-code';
import { newId } from '@/lib/platform/clock';
import { hashPassword } from '@/lib/platform/password';
import { seal } from '@/lib/platform/sealing';
import { newTotpSecret } from '@/lib/platform/totp';
import { meets, type Permission, type Requirement, type Role } from '@/lib/rules/permissions';
import { type Application, startApplication } from '@/tests/support/application';
import { codeAt } from '@/tests/support/authenticator';
import { testDatabase } from '@/tests/support/database';
import { actionsOf, routesOf } from '@/tests/support/routes';
import {
  freshNumber,
  makeBlock,
  makeBusiness,
  makeCall,
  makeGrant,
  makeHold,
  makeInvitation,
  makePerson,
  ownerClient,
} from '@/tests/support/rows';
import { buildWithoutMiddleware } from '@/tests/support/without-middleware';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

/** What a door asks for: a permission, a role of its own, or to be signed in. */
type Asked = Permission | 'owner_alone' | 'signed_in';

const pages: Readonly<Record<string, Asked | 'everybody'>> = {
  '/': 'everybody',
  '/sign-in': 'everybody',
  '/two-factor': 'everybody',
  '/forgot-password': 'everybody',
  '/new-admin': 'everybody',
  '/reset-password': 'everybody',
  '/unlock': 'everybody',
  '/sign-up': 'everybody',
  '/confirm-email': 'everybody',
  '/change-email': 'everybody',
  '/keep-email': 'everybody',
  '/invitation': 'everybody',
  '/take': 'everybody',
  '/too-many-requests': 'everybody',
  '/account': 'signed_in',
  '/confirm-identity': 'signed_in',
  '/account/security': 'signed_in',
  '/account/told': 'signed_in',
  '/account/two-factor': 'signed_in',
  '/account/leave': 'signed_in',
  '/admin': 'view_platform',
  '/admin/audit': 'view_platform',
  '/admin/backups': 'view_platform',
  '/admin/businesses': 'manage_businesses',
  '/admin/businesses/[id]': 'manage_businesses',
  '/admin/jobs': 'view_platform',
  '/admin/users': 'manage_accounts',
  '/admin/users/[id]': 'manage_accounts',
  '/dashboard': 'view_calls',
  '/dashboard/calls': 'view_calls',
  '/dashboard/calls/[id]': 'view_calls',
  '/dashboard/compliance': 'view_audit',
  '/dashboard/greeting': 'manage_settings',
  '/dashboard/hours': 'manage_settings',
  '/dashboard/number': 'manage_settings',
  '/dashboard/people': 'manage_settings',
  '/dashboard/people/told': 'manage_settings',
  '/dashboard/people/members': 'manage_people',
  '/dashboard/people/members/[id]': 'manage_people',
  '/dashboard/usage': 'view_usage',
};

type Form = Readonly<Record<string, string>>;
type World = {
  readonly businessId: string;
  readonly callId: string;
  readonly number: string;
  /** Staff, for every test to look at and none to change. */
  readonly memberId: string;
};
/** `accountId`: an account of nobody's business, `grantId`: a look at `ours` that is going on, `holdId`, `blockId`: a legal hold and a blocked caller there. */
type Someone = {
  readonly id: string;
  readonly otherSessionId: string;
  readonly email: string;
  readonly secret: string;
  readonly accountId: string;
  readonly grantId: string;
  readonly holdId: string;
  readonly blockId: string;
};
type SecondFactor = 'on' | 'begun' | 'off';

const password = 'nine grey herons';
const passwordHash = await hashPassword(password);

type Action = {
  readonly permission: Asked;
  readonly form: (world: World, person: Someone) => Form | Promise<Form>;
  /** It names a row, so that another business's row can be tried. */
  readonly ownRows?: true;
  /** What else it takes: to belong to a business, or not to run the platform. */
  readonly takes?: 'membership' | 'no platform';
  /** What it takes, where that is not what the role has anyway. */
  readonly secondFactor?: SecondFactor;
};

/** Somebody new in a business, and an invitation to it that was sent a while ago: an action may use them up. */
const newMember = async ({ businessId }: World): Promise<string> =>
  (await makePerson(owner, { member: { businessId, role: 'staff' } })).id;
async function newInvitation({ businessId }: World, more: Parameters<typeof makeInvitation>[2] = {}): Promise<string> {
  await owner.invitation.deleteMany({ where: { businessId } }); // only so many may be open
  return (await makeInvitation(owner, businessId, more)).id;
}

/** The code for a telephone that somebody, where there is such a person, has asked for. */
async function codeSentTo(userId: string): Promise<Form> {
  const id = newId();
  const expiresAt = new Date(Date.now() + 600_000);
  if ((await owner.user.count({ where: { id: userId } })) > 0)
    await owner.mobileNumber.create({
      data: seal('MobileNumber', { id, userId, number: freshNumber(), createdAt: new Date(), expiresAt }),
    });
  return { code: codeOf(id) };
}

/** A job that waits since a restore. */
async function holdAJob(): Promise<Form> {
  const at = new Date();
  await owner.job.create({ data: { id: newId(), kind: 'alert', key: newId(), runAt: at, heldAt: at } });
  return {};
}

/** What each action needs to go through. */
const actions: Readonly<Record<string, Action>> = {
  signOut: { permission: 'signed_in', form: () => ({}) },
  openBusiness: {
    permission: 'signed_in',
    form: ({ businessId }) => ({ id: businessId }),
    ownRows: true,
    takes: 'membership',
  },
  addBusiness: {
    permission: 'signed_in',
    form: () => ({ business: 'Weir Street Plumbing', zone: 'Europe/Lisbon' }),
    takes: 'no platform',
  },
  leaveBusiness: {
    permission: 'signed_in',
    form: ({ businessId }) => ({ id: businessId, understood: 'on' }),
    ownRows: true,
    takes: 'membership',
  },
  acceptInvitation: {
    permission: 'signed_in',
    form: async (_world, { email }) => ({ token: (await makeInvitation(owner, elsewhere.id, { email })).token }),
    takes: 'no platform',
  },
  inviteMember: { permission: 'manage_people', form: () => ({ email: `${newId()}@example.com`, role: 'staff' }) },
  resendInvitation: {
    permission: 'manage_people',
    form: async (world) => ({ id: await newInvitation(world) }),
    ownRows: true,
  },
  withdrawInvitation: {
    permission: 'manage_people',
    form: async (world) => ({ id: await newInvitation(world) }),
    ownRows: true,
  },
  restoreInvitation: {
    permission: 'manage_people',
    form: async (world) => ({ id: await newInvitation(world, { withdrawnAt: new Date() }) }),
    ownRows: true,
  },
  changeMemberRole: {
    permission: 'manage_people',
    form: async (world) => ({ id: await newMember(world), role: 'business_owner' }),
    ownRows: true,
  },
  removeMember: {
    permission: 'manage_people',
    form: async (world) => ({ id: await newMember(world), takeOut: 'on' }),
    ownRows: true,
  },
  transferOwnership: {
    permission: 'manage_people',
    form: async (world) => ({ id: await newMember(world), handOver: 'on' }),
    ownRows: true,
  },
  beginSecondFactor: { permission: 'signed_in', form: () => ({}), secondFactor: 'off' },
  confirmSecondFactor: {
    permission: 'signed_in',
    form: (_world, { secret }) => ({ code: codeAt(secret, new Date()) }),
    secondFactor: 'begun',
  },
  replaceRecoveryCodes: { permission: 'signed_in', form: () => ({}), secondFactor: 'on' },
  removeSecondFactor: { permission: 'signed_in', form: () => ({}), secondFactor: 'on', takes: 'no platform' },
  confirmIdentity: {
    permission: 'signed_in',
    form: (_world, { secret }) => ({ password, code: codeAt(secret, new Date()) }),
    secondFactor: 'on',
  },
  changeName: { permission: 'signed_in', form: () => ({ name: 'Ines Duarte' }) },
  askForEmailChange: { permission: 'signed_in', form: () => ({ email: 'another-one@example.com' }) },
  changePassword: {
    permission: 'signed_in',
    form: () => ({ current: password, password: 'a lamp above the weir' }),
  },
  revokeSession: {
    permission: 'signed_in',
    form: (_world, { otherSessionId }) => ({ id: otherSessionId }),
    ownRows: true,
  },
  revokeOtherSessions: { permission: 'signed_in', form: () => ({}) },
  findCaller: { permission: 'view_calls', form: () => ({ number: '+1 415 555 0123' }) },
  markHeard: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  markUnheard: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  markCalledBack: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  undoCalledBack: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  takeCall: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  giveBackCall: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  chooseTelling: { permission: 'handle_calls', form: () => ({ mail: 'urgent' }) },
  askForCode: { permission: 'handle_calls', form: () => ({ number: freshNumber() }) },
  confirmNumber: { permission: 'signed_in', form: (_world, { id }) => codeSentTo(id) },
  removeNumber: { permission: 'handle_calls', form: () => ({}) },
  moveForward: { permission: 'manage_settings', form: ({ memberId }) => ({ id: memberId }), ownRows: true },
  saveEscalation: { permission: 'manage_settings', form: () => ({ minutes: '30' }) },
  markNotSpam: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  undoNotSpam: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  blockCaller: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  unblockCaller: { permission: 'handle_calls', form: ({ callId }) => ({ id: callId }), ownRows: true },
  liftBlock: { permission: 'handle_calls', form: (_world, { blockId }) => ({ id: blockId }), ownRows: true },
  saveGreeting: { permission: 'manage_settings', form: () => ({ greeting: 'Thank you for calling us.' }) },
  saveTranscripts: { permission: 'manage_settings', form: () => ({ transcripts: 'live' }) },
  saveHours: {
    permission: 'manage_settings',
    form: () => ({ zone: 'Europe/Berlin', '1.0.opens': '09:00', '1.0.closes': '17:00' }),
  },
  saveNumber: { permission: 'manage_settings', form: ({ number }) => ({ number }) },
  savePeople: {
    permission: 'manage_settings',
    form: () => ({ ringSeconds: '20', 'people.0.name': 'Ana', 'people.0.number': '+12125559876' }),
  },
  requireSecondFactor: { permission: 'manage_compliance', form: () => ({}) },
  startJob: { permission: 'manage_jobs', form: () => ({ job: 'watch' }) },
  tryJobsAgain: {
    permission: 'manage_jobs',
    form: async () => {
      const lost = { kind: 'odd', payload: {}, runAt: new Date(), deadAt: new Date() };
      await owner.job.create({ data: { id: newId(), key: newId(), ...lost } });
      return { kind: 'odd' };
    },
  },
  choosePeriods: {
    permission: 'manage_compliance',
    form: () => ({ recording: '20', transcript: '90', metadata: '365', basis: '' }),
  },
  placeHold: {
    permission: 'manage_compliance',
    form: () => ({ on: 'person', number: freshNumber(), reason: 'Case 7' }),
  },
  liftHold: { permission: 'manage_compliance', form: (_world, { holdId }) => ({ id: holdId }), ownRows: true },
  findPerson: { permission: 'view_platform', form: () => ({ email: known.email }) },
  findAccount: { permission: 'manage_accounts', form: () => ({ email: known.email }) },
  suspendAccount: { permission: 'manage_accounts', form: (_world, { accountId }) => ({ id: accountId }) },
  reinstateAccount: { permission: 'manage_accounts', form: () => ({ id: suspended.id }) },
  unlockForSomebody: { permission: 'manage_accounts', form: (_world, { accountId }) => ({ id: accountId }) },
  signOutSomebody: { permission: 'manage_accounts', form: (_world, { accountId }) => ({ id: accountId }) },
  changeAccountRole: {
    permission: 'manage_accounts',
    form: (_world, { accountId }) => ({ id: accountId, role: 'admin' }),
  },
  suspendBusiness: { permission: 'manage_businesses', form: () => ({ id: elsewhere.id }) },
  reinstateBusiness: { permission: 'manage_businesses', form: () => ({ id: closed.id }) },
  changeTier: { permission: 'manage_businesses', form: () => ({ id: elsewhere.id, tier: 'pro', minutes: '900' }) },
  startBackup: { permission: 'manage_jobs', form: () => ({}) },
  letHeldJobsGo: { permission: 'manage_jobs', form: holdAJob },
  dropHeldJobs: { permission: 'manage_jobs', form: holdAJob },
  breakGlass: {
    permission: 'break_glass',
    form: () => ({ id: elsewhere.id, lasting: '15', reason: 'The owner asked us to look for a lost message.' }),
  },
  giveBack: { permission: 'break_glass', form: () => ({}) },
  endGrant: { permission: 'owner_alone', form: (_world, { grantId }) => ({ id: grantId }), ownRows: true },
};

/** What somebody does who is not signed in. The form would go through. */
const guestActions: Readonly<Record<string, () => Form>> = {
  passSecondFactor: () => ({ code: '123456' }),
  signIn: () => ({ email: 'nobody@example.com', password }),
  askForReset: () => ({ email: 'nobody@example.com' }),
  resetPassword: () => ({ token: 'x', password }),
  unlockAccount: () => ({ token: 'x' }),
  signUp: () => ({ as: 'user', name: 'Nobody', email: 'nobody@example.com', password, consent: 'on', captcha: 'x' }),
  confirmEmail: () => ({ token: 'x', password }),
  changeEmail: () => ({ token: 'x' }),
  keepEmail: () => ({ token: 'x' }),
  takeByLink: () => ({ token: 'x' }),
  resendConfirmation: () => ({ email: 'nobody@example.com' }),
  joinByInvitation: () => ({ token: 'x', name: 'Noor Haddad', password, consent: 'on' }),
  becomeAdmin: () => ({ token: 'x', name: 'Somebody', password }),
};

const webhooks = [
  '/api/twilio/messages',
  '/api/twilio/messages/status',
  '/api/twilio/recording',
  '/api/twilio/transcription',
  '/api/twilio/voice',
  '/api/twilio/voice/dial-result',
  '/api/twilio/voice/fallback',
  '/api/twilio/voice/recorded',
  '/api/twilio/voice/status',
  '/api/twilio/voice/turn',
  '/api/twilio/voice/whisper',
];
/** Files of signed-in people, by what it takes to have one. */
const files: Readonly<Record<string, Permission>> = {
  '/api/audit': 'export_data',
  '/api/platform-audit': 'view_platform',
};
const otherHandlers = [
  '/.well-known/security.txt',
  '/api/another-site',
  '/api/auth/[...nextauth]',
  '/api/captcha',
  '/api/cron/[job]',
  '/api/health',
  '/api/recordings/[id]',
  '/icon.svg',
];

type Who = Role | 'nobody' | 'another owner';
const everybody: readonly Who[] = ['business_owner', 'staff', 'user', 'admin', 'nobody', 'another owner'];

/** Two businesses, each with an owner, staff, and a call whose recording is stored. */
async function makeWorld(): Promise<World & { readonly recordingId: string }> {
  const { id: businessId, number } = await makeBusiness(owner);
  const call = await makeCall(owner, businessId);
  const recordingId = newId();
  await owner.recording.create({
    data: {
      businessId,
      id: recordingId,
      callId: call.id,
      recordingSid: `RE${newId().replaceAll('-', '')}`,
      seconds: 1,
      createdAt: new Date(),
    },
  });
  await makePerson(owner, { member: { businessId, role: 'business_owner' } });
  const { id: memberId } = await makePerson(owner, { member: { businessId, role: 'staff' } });
  return { businessId, callId: call.id, number, recordingId, memberId };
}

const ours = await makeWorld();
const theirs = await makeWorld();
const known = await makePerson(owner);
/** A business that somebody can be invited to who belongs to one of the two, and what an admin's changes are tried on. */
const elsewhere = await makeBusiness(owner);
const closed = await makeBusiness(owner);
const suspended = await makePerson(owner);
// Somebody runs the platform, whatever becomes of the admins that these tests make.
await makePerson(owner, { role: 'admin', passwordHash });

const nobodyHere = { userId: newId(), sessionId: newId() };
const businessOf = (who: Who) => (who === 'another owner' ? theirs : ours).businessId;

/** Somebody new each time, with a password and two sessions: an action may end the one it is tried with. */
async function someone(who: Who, secondFactor?: SecondFactor) {
  const rest = {
    accountId: (await makePerson(owner)).id,
    grantId: await makeGrant(owner, businessOf(who), nobodyHere),
    holdId: await makeHold(owner, businessOf(who)),
    blockId: await makeBlock(owner, businessOf(who)),
  };
  await owner.user.update({ where: { id: suspended.id }, data: { suspendedAt: new Date() } });
  await owner.business.update({ where: { id: elsewhere.id }, data: { suspendedAt: null } });
  await owner.business.update({ where: { id: closed.id }, data: { suspendedAt: new Date() } });
  if (who === 'nobody') {
    const email = `${newId()}@example.com`;
    return { id: newId(), sessionId: null, otherSessionId: newId(), email, secret: newTotpSecret(), ...rest };
  }
  const membership = {
    admin: null,
    user: null,
    business_owner: { businessId: ours.businessId, role: 'business_owner' },
    staff: { businessId: ours.businessId, role: 'staff' },
    'another owner': { businessId: theirs.businessId, role: 'business_owner' },
  } as const;
  const member = membership[who];
  const person = await makePerson(owner, {
    role: who === 'admin' ? 'admin' : 'user',
    passwordHash,
    ...(secondFactor && { secondFactor }),
    ...(member && { member }),
  });
  const otherSessionId = newId();
  const at = new Date();
  await owner.session.create({
    data: {
      id: otherSessionId,
      userId: person.id,
      createdAt: at,
      lastSeenAt: at,
      idleSeconds: 3600,
      expiresAt: new Date(at.getTime() + 3_600_000),
    },
  });
  // Opened in another session of theirs: it is theirs to give back, and lets them in nowhere here.
  if (who === 'admin') await makeGrant(owner, ours.businessId, { userId: person.id, sessionId: otherSessionId });
  return { ...person, otherSessionId, ...rest };
}

/** Not fetch, which writes its own Host. */
async function post(url: string, form: FormData, headers: OutgoingHttpHeaders) {
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const type = { 'content-type': encoded.headers.get('content-type') ?? '', 'content-length': body.length };
    request(url, { method: 'POST', headers: { ...type, ...headers } }, resolve)
      .on('error', reject)
      .end(body);
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

const roleOf = (who: Who): Role => (who === 'another owner' ? 'business_owner' : who === 'nobody' ? 'user' : who);
const requirement = (asked: Asked): Requirement =>
  asked === 'signed_in'
    ? { requireAuth: true }
    : asked === 'owner_alone'
      ? { requireRole: 'business_owner' }
      : { requirePermission: asked };
const may = (who: Who, asked: Asked) => who !== 'nobody' && meets(roleOf(who), requirement(asked));

/** The address of a page, of one thing in a business where the page is of one thing. */
function addressOf(pattern: string, { businessId, callId, memberId }: World): string {
  const [, of] = /^\/(admin\/users|admin\/businesses|dashboard\/people)\//.exec(pattern) ?? [];
  const id = of === 'admin/users' ? known.id : of === 'admin/businesses' ? businessId : of ? memberId : callId;
  return pattern.replace('[id]', id);
}

/** A fingerprint of everything that a business has. */
async function fingerprint(businessId: string): Promise<string> {
  const rows = await owner.$queryRaw<{ hash: string }[]>`
    SELECT md5(concat(
      (SELECT string_agg(t::text, '' ORDER BY id) FROM businesses t WHERE id = ${businessId}::uuid),
      (SELECT string_agg(t::text, '' ORDER BY id) FROM calls t WHERE business_id = ${businessId}::uuid),
      (SELECT string_agg(t::text, '' ORDER BY id) FROM call_events t WHERE business_id = ${businessId}::uuid),
      (SELECT string_agg(t::text, '' ORDER BY id) FROM duty_contacts t WHERE business_id = ${businessId}::uuid),
      (SELECT string_agg(t::text, '' ORDER BY user_id) FROM memberships t WHERE business_id = ${businessId}::uuid),
      (SELECT string_agg(t::text, '' ORDER BY id) FROM invitations t WHERE business_id = ${businessId}::uuid),
      (SELECT string_agg(t::text, '' ORDER BY number) FROM phone_routes t WHERE business_id = ${businessId}::uuid),
      (SELECT string_agg(t::text, '' ORDER BY id) FROM recordings t WHERE business_id = ${businessId}::uuid))) AS hash`;
  return rows[0]?.hash ?? '';
}

/** What a person reads: the page without the parts that differ from request to request. */
const visible = (html: string) =>
  html
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

afterAll(() => owner.$disconnect());

describe('the tables of this test', () => {
  test('name everything that the build serves, and nothing else', () => {
    const served = routesOf();
    expect(served.pages).toEqual(Object.keys(pages).toSorted());
    expect(served.handlers).toEqual([...webhooks, ...Object.keys(files), ...otherHandlers].toSorted());
    expect(
      actionsOf()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([...Object.keys(actions), ...Object.keys(guestActions)].toSorted());
  });

  test('find the middleware of the build, so that leaving it out means something', () => {
    expect(readFileSync('.next/server/functions-config-manifest.json', 'utf8')).toContain('/_middleware');
  });
});

describe.each([
  ['as it is served', async () => process.cwd()],
  ['with an empty middleware', buildWithoutMiddleware],
])('the application %s', (_name, folderOf) => {
  let app: Application;
  let folder: string;
  beforeAll(async () => {
    folder = await folderOf();
    app = await startApplication({}, { folder });
  }, 300_000);
  afterAll(() => app.stop());

  const get = async (path: string, who: Who) =>
    fetch(app.url + path, { headers: await app.as((await someone(who)).sessionId), redirect: 'manual' });

  describe.each(Object.entries(pages))('page %s', (pattern, permission) => {
    const own = addressOf(pattern, ours);
    const foreign = addressOf(pattern, theirs);
    // The one thing that the middleware gives: it says that who is here was refused, and refuses nobody.
    const statusShown = () => (pattern === '/too-many-requests' && folder === process.cwd() ? 429 : 200);

    test.each(everybody)('V8.2.1 V8.3.1 answers %s as the permissions say', async (who) => {
      const path = who === 'another owner' ? foreign : own;
      const response = await get(path, who);
      if (permission === 'everybody') {
        const shown = statusShown();
        // Who is signed in already is sent on from the sign-in page, and back to it who has no code to type.
        expect([shown, 307]).toContain(response.status);
        expect(who !== 'nobody' || pattern === '/two-factor' || response.status === shown).toBe(true);
      } else if (may(who, permission)) {
        expect(response.status).toBe(200);
        expect(response.headers.get('cache-control')).toContain('no-store');
      } else if (who === 'nobody') {
        expect([303, 307]).toContain(response.status);
        expect(new URL(response.headers.get('location') ?? '', app.url).pathname).toBe('/sign-in');
      } else {
        expect(response.status).toBe(403);
      }
    });
  });

  test('V8.2.2 answers an id of another business, an unknown one and a malformed one alike: 404', async () => {
    const answers = await Promise.all(
      [theirs.callId, newId(), 'nonsense', '../../admin', `${ours.callId}'--`].map(async (id) => {
        const response = await get(`/dashboard/calls/${encodeURIComponent(id)}`, 'business_owner');
        return { status: response.status, text: visible(await response.text()) };
      }),
    );
    for (const { status, text } of answers) {
      expect(status).toBe(404);
      expect(text).toBe(answers[0]?.text);
    }
  });

  /** Sends a server action as Next's own client does: the state before it, and the form. */
  const send = async (name: string, form: Form, sessionId: string | null, from: Form = { origin: app.url }) => {
    const action = actionsOf(folder).find((candidate) => candidate.name === name);
    if (!action) throw new Error(`no action ${name}`);
    const body = new FormData();
    for (const [field, value] of Object.entries(form)) body.append(`_1_${field}`, value);
    body.append('0', '[null,"$K1"]');
    const path = addressOf(action.page, ours);
    const { status, headers, text } = await post(app.url + path, body, {
      ...(await app.as(sessionId)),
      'next-action': action.id,
      accept: 'text/x-component',
      ...from,
    });
    const leadsTo = String(headers['x-action-redirect'] ?? headers.location ?? '');
    const isSentAway = leadsTo.startsWith('/sign-in') && (leadsTo.includes('?') || sessionId === null);
    const went = leadsTo !== '' && !isSentAway;
    return { status, ok: went || /"ok":true/.test(text), text };
  };

  describe.each(Object.entries(actions))('action %s', (name, { permission, form, ownRows, takes, secondFactor }) => {
    test.each(everybody)(
      'V8.2.1 V8.3.1 V8.4.1 obeys %s as the permissions say, and changes no other business',
      async (who) => {
        const world = who === 'another owner' ? theirs : ours;
        const other = who === 'another owner' ? ours : theirs;
        const person = await someone(who, secondFactor);
        const filled = await form(world, person);
        const before = await fingerprint(other.businessId);
        const isMember = who === 'business_owner' || who === 'staff' || who === 'another owner';
        const hasIt = takes === 'membership' ? isMember : takes === 'no platform' ? who !== 'admin' : true;
        const expected = may(who, permission) && hasIt;
        const sent = await send(name, filled, person.sessionId);
        expect(sent.ok, `${sent.status} ${sent.text.slice(0, 400)}`).toBe(expected);
        expect(await fingerprint(other.businessId)).toBe(before);
      },
    );

    test('V3.5.1 does nothing for a form sent from another site', async () => {
      const person = await someone('business_owner');
      const filled = await form(ours, person);
      const before = await fingerprint(ours.businessId);
      const others: Form[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        // Both forged together, which a comparison of the two would let through.
        { origin: 'http://evil.example', host: 'evil.example' },
        { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' },
      ];
      for (const from of others) expect((await send(name, filled, person.sessionId, from)).ok).toBe(false);
      expect(await fingerprint(ours.businessId)).toBe(before);
    });

    if (ownRows) {
      test('V8.2.2 finds nothing under an id of another business, and leaves it as it is', async () => {
        const { sessionId } = await someone('business_owner');
        const other = await someone('another owner');
        const filled = await form(theirs, other);
        const before = await fingerprint(theirs.businessId);
        expect((await send(name, filled, sessionId)).ok).toBe(false);
        expect(await fingerprint(theirs.businessId)).toBe(before);
        expect(await owner.session.count({ where: { id: other.otherSessionId, revokedAt: null } })).toBe(1);
      });
    }
  });

  test.each(Object.entries(guestActions))(
    'V3.5.1 %s does nothing for a form sent from another site',
    async (name, form) => {
      for (const origin of ['https://evil.example', 'null']) {
        const { ok, text } = await send(name, form(), null, { origin });
        expect(ok).toBe(false);
        expect(text).not.toMatch(/could not sign you in|link no longer works|we have sent|not made an account/);
      }
    },
  );

  test('V8.2.1 plays a recording to those of its business alone, each at an address of their own', async () => {
    for (const who of everybody) {
      const person = await someone(who);
      const address = recordingAddress({ recordingId: ours.recordingId, userId: person.id }, new Date());
      const response = await fetch(app.url + address, { headers: await app.as(person.sessionId) });
      // The recording is not stored yet: whoever may hear it is told that there is nothing, like whoever asks in vain.
      const expected = who === 'nobody' ? 401 : may(who, 'play_recordings') ? 404 : 403;
      expect(response.status, who).toBe(expected);
    }
  });

  test.each(Object.entries(files))(
    'V8.2.1 V8.4.1 gives the file %s as the permissions say',
    async (path, permission) => {
      for (const who of everybody) {
        const response = await get(`${path}?format=csv`, who);
        expect(response.status, who).toBe(who === 'nobody' ? 401 : may(who, permission) ? 200 : 403);
        expect(response.headers.get('cache-control')).toContain('no-store');
        const text = await response.text();
        if (who === 'another owner' && response.ok) {
          expect(text).toContain(theirs.businessId);
          expect(text).not.toContain(ours.businessId);
        }
      }
    },
  );

  test('takes no webhook from anybody but Twilio, whoever is signed in', async () => {
    for (const path of webhooks) {
      for (const who of everybody) {
        const headers = await app.as((await someone(who)).sessionId);
        const response = await fetch(app.url + path, {
          method: 'POST',
          headers,
          body: new URLSearchParams({ To: ours.number }),
        });
        expect(response.status, `${path} ${who}`).toBe(403);
        expect((await fetch(app.url + path, { headers })).status).toBe(405);
      }
    }
  });

  test('V13.4.5 starts no job for anybody without the clock’s secret', async () => {
    for (const who of everybody) expect((await get('/api/cron/sweep', who)).status).toBe(401);
  });

  test('V4.1.3 V8.3.1 lets a made-up header open nothing', async () => {
    const headers = {
      'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware',
      'x-middleware-skip': '1',
    };
    for (const [path, permission] of Object.entries(pages)) {
      if (permission === 'everybody') continue;
      const response = await fetch(app.url + addressOf(path, ours), { headers, redirect: 'manual' });
      expect([303, 307], path).toContain(response.status);
    }
  });
});
