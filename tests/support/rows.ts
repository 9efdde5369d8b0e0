/** Rows to arrange a test with, written by the tables' owner; sealed as the product seals them. */
import { PrismaPg } from '@prisma/adapter-pg';
import { hashOf, newSecret } from '@/lib/accounts/one-time-token';
import { PrismaClient } from '@/lib/generated/prisma/client';
import type { CallIntent, CallStatus, CallType } from '@/lib/generated/prisma/enums';
import { newId } from '@/lib/platform/clock';
import { blindIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { newTotpSecret } from '@/lib/platform/totp';
import { invitationEnd } from '@/lib/rules/invitations';
import type { WeeklyHours } from '@/lib/rules/opening-hours';
import type { TellState } from '@/lib/rules/telling';

/** Sees and writes every row: to arrange and to look, never the code under test. */
export const ownerClient = (url: string) =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 2 }) });

/** The same for one use: what was open before the server stopped is worth nothing after it. */
export async function ownerOnce<T>(url: string, use: (owner: PrismaClient) => Promise<T>): Promise<T> {
  const owner = ownerClient(url);
  try {
    return await use(owner);
  } finally {
    await owner.$disconnect();
  }
}

const officeHours: WeeklyHours = {
  1: [[540, 1020]],
  2: [[540, 1020]],
  3: [[540, 1020]],
  4: [[540, 1020]],
  5: [[540, 1020]],
  6: [],
  7: [],
};

let numbers = 0;
/** A called number that no other row has. */
export const freshNumber = () => `+1212555${String(1000 + numbers++)}`;
export const freshSid = (kind: 'CA' | 'RE' | 'SM' | 'GT') => `${kind}${newId().replaceAll('-', '')}`;

export async function makeBusiness(owner: PrismaClient, more: { name?: string; zone?: string; duty?: string[] } = {}) {
  const id = newId();
  const number = freshNumber();
  await owner.business.create({
    data: seal('Business', {
      id,
      name: more.name ?? 'A business',
      contactEmail: 'business@example.com',
      greeting: 'Thank you for calling.',
      zone: more.zone ?? 'America/New_York',
      weeklyHours: officeHours,
      monthlyMinutesLimit: 200,
      emergencyForwarding: true,
    }),
  });
  await owner.phoneRoute.create({ data: { number, businessId: id } });
  await owner.dutyContact.createMany({
    data: (more.duty ?? []).map((phone, position) =>
      seal('DutyContact', { businessId: id, id: newId(), position, name: `Person ${position + 1}`, phone }),
    ),
  });
  return { id, number };
}

/** A look at a business's calls that is going on, for a quarter of an hour, by an admin who exists or not. */
export async function makeGrant(
  owner: PrismaClient,
  businessId: string,
  by: { userId: string; sessionId: string },
  reason = 'To test.',
): Promise<string> {
  const startedAt = new Date();
  const expiresAt = new Date(startedAt.getTime() + 900_000);
  const id = newId();
  await owner.accessGrant.create({
    data: seal('AccessGrant', { businessId, id, ...by, reason, startedAt, expiresAt }),
  });
  return id;
}

/** A legal hold of everything of one caller, a new one each time unless it is said who. */
export async function makeHold(owner: PrismaClient, businessId: string, number = freshNumber(), reason = 'To test.') {
  const id = newId();
  await owner.legalHold.create({
    data: {
      ...seal('LegalHold', { businessId, id, person: number, reason }),
      ...indexColumns('personIndex', blindIndex('phone', number)),
      placedAt: new Date(),
    },
  });
  return id;
}

/** A caller whom a business has blocked, a new one each time unless it is said who. */
export async function makeBlock(owner: PrismaClient, businessId: string, number = freshNumber()) {
  const id = newId();
  await owner.knownCaller.create({
    data: {
      ...seal('KnownCaller', { businessId, id, number }),
      ...indexColumns('numberIndex', blindIndex('phone', number)),
      mark: 'blocked',
      markedBy: newId(),
      markedAt: new Date(),
    },
  });
  return id;
}

/** What was made out of a call while it went on: each part with its place and how sure it is. */
export async function makeLiveTranscript(
  owner: PrismaClient,
  businessId: string,
  callId: string,
  parts: readonly (readonly [at: number, text: string, confidence: number])[],
): Promise<void> {
  const text = parts.map(([, words]) => words).join(' ');
  await owner.transcript.create({
    data: seal('Transcript', {
      businessId,
      id: newId(),
      callId,
      sessionSid: freshSid('GT'),
      status: 'completed' as const,
      text,
      parts: JSON.stringify(parts),
      createdAt: new Date(),
    }),
  });
}

/** Somebody with an account; with a session from `at` on where one is wanted. */
export async function makePerson(
  owner: PrismaClient,
  more: {
    role?: 'admin' | 'user';
    member?: { businessId: string; role: 'business_owner' | 'staff' };
    email?: string;
    passwordHash?: string;
    /** When the session began. */
    at?: Date;
    /** When it last proved itself: at its beginning, where nothing is said. */
    provedAt?: Date;
    /** Without recovery codes (tests/support/authenticator.ts has them); who runs the platform has one, as they must. */
    secondFactor?: 'on' | 'begun' | 'off';
  } = {},
) {
  const id = newId();
  const email = more.email ?? `${id}@example.com`;
  const at = more.at ?? new Date();
  const sessionId = newId();
  const secondFactor = more.secondFactor ?? (more.role === 'admin' ? 'on' : 'off');
  const secret = newTotpSecret();
  const twoFactorSecret = secondFactor === 'off' ? null : secret;
  await owner.user.create({
    data: {
      ...seal('User', { id, email, name: 'Somebody', twoFactorSecret }),
      twoFactorEnabled: secondFactor === 'on',
      ...indexColumns('emailIndex', blindIndex('email', email)),
      role: more.role ?? 'user',
      ...(more.passwordHash && { credential: { create: { passwordHash: more.passwordHash } } }),
      ...(more.member && { memberships: { create: more.member } }),
      sessions: {
        create: {
          id: sessionId,
          businessId: more.member?.businessId ?? null,
          createdAt: at,
          lastSeenAt: at,
          idleSeconds: 3600,
          expiresAt: new Date(at.getTime() + 12 * 3_600_000),
          reauthenticatedAt: more.provedAt ?? at,
        },
      },
    },
  });
  return { id, email, sessionId, secret };
}

/** A telephone that is shown to be somebody's. */
export async function makeMobile(owner: PrismaClient, userId: string, number = freshNumber()) {
  const at = new Date();
  await owner.mobileNumber.create({
    data: seal('MobileNumber', { id: newId(), userId, number, createdAt: at, verifiedAt: at }),
  });
  return number;
}

/** Somebody was told of a call by one way; what became of it, `sent` where nothing is said. */
export async function makeTelling(
  owner: PrismaClient,
  { businessId, callId, userId }: { businessId: string; callId: string; userId: string },
  more: {
    way?: 'mail' | 'text';
    turn?: number;
    state?: TellState;
    at?: Date;
    errorCode?: number;
  } = {},
) {
  const { way = 'mail', turn = 0, state = 'sent', at = new Date() } = more;
  const id = newId();
  await owner.telling.create({
    data: {
      businessId,
      id,
      callId,
      userId,
      way,
      turn,
      state,
      createdAt: at,
      ...(state !== 'wanted' && { sentAt: at }),
      ...((state === 'delivered' || state === 'failed') && { settledAt: at, errorCode: more.errorCode ?? null }),
    },
  });
  return id;
}

/** Somebody asked into a business a while ago, and the token of the link they were sent. */
export async function makeInvitation(
  owner: PrismaClient,
  businessId: string,
  more: { email?: string; role?: 'business_owner' | 'staff'; withdrawnAt?: Date } = {},
) {
  const id = newId();
  const email = more.email ?? `${id}@example.com`;
  const token = newSecret();
  const sentAt = new Date(Date.now() - 3_600_000);
  await owner.invitation.create({
    data: seal('Invitation', {
      businessId,
      id,
      email,
      ...indexColumns('emailIndex', blindIndex('email', email)),
      role: more.role ?? ('staff' as const),
      invitedBy: newId(),
      createdAt: sentAt,
      sentAt,
      expiresAt: invitationEnd(sentAt),
      secretHash: hashOf(token),
      withdrawnAt: more.withdrawnAt ?? null,
    }),
  });
  return { id, email, token };
}

export async function makeCall(
  owner: PrismaClient,
  businessId: string,
  more: {
    callerNumber?: string | null;
    callerName?: string;
    wanted?: string | null;
    startedAt?: Date;
    calledNumber?: string;
    type?: CallType;
    status?: CallStatus;
    intent?: CallIntent;
    urgent?: boolean;
    heard?: { at: Date; by: string };
    calledBack?: { at: Date; by: string };
  } = {},
) {
  const id = newId();
  const callSid = freshSid('CA');
  const callerNumber = more.callerNumber === undefined ? '+14155550123' : more.callerNumber;
  await owner.call.create({
    data: seal('Call', {
      businessId,
      id,
      callSid,
      type: more.type ?? ('inbound' as const),
      status: more.status ?? ('completed' as const),
      intent: more.intent ?? ('message' as const),
      urgent: more.urgent ?? false,
      calledNumber: more.calledNumber ?? '+12125550100',
      callerNumber,
      ...indexColumns('callerNumberIndex', callerNumber ? blindIndex('phone', callerNumber) : null),
      callerName: more.callerName ?? null,
      wanted: more.wanted === undefined ? 'Please call me back.' : more.wanted,
      startedAt: more.startedAt ?? new Date(),
      heardAt: more.heard?.at ?? null,
      heardBy: more.heard?.by ?? null,
      calledBackAt: more.calledBack?.at ?? null,
      calledBackBy: more.calledBack?.by ?? null,
    }),
  });
  return { id, callSid };
}
