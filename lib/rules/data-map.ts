/**
 * Every column of every table: what kind of personal data it is, whose, whether it is sealed, how long it is kept,
 * whether an export shows it, and what an erasure does to it. Sealing, export, erasure, anonymisation, retention and
 * log redaction read this map and keep no list of their own. A column that is missing here, or stands here and not in
 * the schema, does not compile.
 */
import type { Prisma } from '@/lib/generated/prisma/client';

type Rule = {
  readonly category: 'none' | 'identity' | 'contact' | 'content' | 'credential' | 'technical';
  readonly of: 'nobody' | 'member' | 'caller';
  /** The clock that ends it: its row's own, or one of the promised periods (lib/rules/retention.ts). */
  readonly keep: 'row' | 'recording' | 'transcript' | 'metadata' | 'audit' | 'account';
  /**
   * What becomes of it when the person is erased, or the time is over: `coarsen` takes a time back to the full hour
   * together with the row's others, `renew` gives the row an id that nothing else knows.
   */
  readonly erase: 'keep' | 'blank' | 'coarsen' | 'renew' | 'delete-row';
  /** Whether the person it is about sees it in their export. */
  readonly export: boolean;
  /** Ciphertext in the database; only a `Bytes` column can be. */
  readonly sealed?: true;
  /** A blind index: the sealed column of the same row that it is made from, and what that holds. */
  readonly indexes?: { readonly column: string; readonly kind: AddressKind };
};
/** What is looked up without being opened. */
export type AddressKind = 'phone' | 'email';

/** A JSON column is classified key by key; what stands under no key here must not be written there. */
type JsonRule = { readonly keys: Readonly<Record<string, Rule>> };

type Scalars<M extends Prisma.ModelName> = Prisma.TypeMap['model'][M]['payload']['scalars'];
type RuleFor<V> = [V] extends [Prisma.Bytes | null]
  ? Rule
  : [Prisma.JsonValue] extends [V]
    ? JsonRule
    : Rule & { readonly sealed?: never; readonly indexes?: never };
type DataMap = {
  readonly [M in Prisma.ModelName]: { readonly [F in keyof Scalars<M>]: RuleFor<Scalars<M>[F]> };
};

// The vocabulary: one word a column, so that a table reads as a table.
const plain = { category: 'none', of: 'nobody', keep: 'row', erase: 'keep', export: false } as const;
const shown = { ...plain, export: true } as const;
const memberContact = {
  category: 'contact',
  of: 'member',
  keep: 'account',
  erase: 'blank',
  export: true,
  sealed: true,
} as const;
const memberIndex = { category: 'contact', of: 'member', keep: 'account', erase: 'blank', export: false } as const;
const memberFact = { category: 'identity', of: 'member', keep: 'account', erase: 'delete-row', export: true } as const;
const accountContact = { ...memberContact, erase: 'delete-row' } as const;
const emailIndex = { ...memberIndex, erase: 'delete-row', indexes: { column: 'email', kind: 'email' } } as const;
const passwordHash = {
  category: 'credential',
  of: 'member',
  keep: 'account',
  erase: 'delete-row',
  export: false,
} as const;
const linkHash = { ...passwordHash, keep: 'row' } as const;
const recoveryHash = passwordHash;
const secondFactor = {
  category: 'credential',
  of: 'member',
  keep: 'account',
  erase: 'delete-row',
  export: false,
  sealed: true,
} as const;
const device = { category: 'technical', of: 'member', keep: 'account', erase: 'delete-row', export: true } as const;
const callerContact = {
  category: 'contact',
  of: 'caller',
  keep: 'metadata',
  erase: 'blank',
  export: true,
  sealed: true,
} as const;
const callerIndex = { category: 'contact', of: 'caller', keep: 'metadata', erase: 'blank', export: false } as const;
const callerNumberIndex = { ...callerIndex, indexes: { column: 'callerNumber', kind: 'phone' } } as const;
const customerPhoneIndex = { ...callerIndex, indexes: { column: 'customerPhone', kind: 'phone' } } as const;
const customerEmailIndex = { ...callerIndex, indexes: { column: 'customerEmail', kind: 'email' } } as const;
const callerWords = {
  category: 'content',
  of: 'caller',
  keep: 'transcript',
  erase: 'blank',
  export: true,
  sealed: true,
} as const;
const callFact = { category: 'technical', of: 'caller', keep: 'metadata', erase: 'keep', export: true } as const;
const callTime = { ...callFact, erase: 'coarsen' } as const;
const callId = { ...callFact, erase: 'renew', export: false } as const;
/** Who of the business dealt with the call, and when. */
const callCare = { ...callFact, erase: 'blank', export: false } as const;
/** The history of a call goes as a whole: its moments are those of one person. */
const callStep = { ...callFact, erase: 'delete-row' } as const;
/** What we did to tell somebody of a call: theirs, and it goes with the call. */
const memberStep = {
  category: 'technical',
  of: 'member',
  keep: 'metadata',
  erase: 'delete-row',
  export: true,
} as const;
const callReference = { category: 'technical', of: 'caller', keep: 'metadata', erase: 'blank', export: false } as const;
const transcriptText = { ...callerWords, erase: 'delete-row' } as const;
const transcriptReference = { ...callReference, keep: 'transcript', erase: 'delete-row' } as const;
/** As long as the dispute lasts; while it does, it is what an erasure must wait for. */
const held = { ...callerContact, keep: 'row', erase: 'keep', export: false } as const;
const heldIndex = { ...callerIndex, keep: 'row', erase: 'keep', indexes: { column: 'person', kind: 'phone' } } as const;
/** Their own word not to be contacted, which must outlive what else is known of them. */
const optedOut = { ...callerContact, keep: 'row', erase: 'keep' } as const;
const optedOutIndex = {
  ...callerIndex,
  keep: 'row',
  erase: 'keep',
  indexes: { column: 'number', kind: 'phone' },
} as const;
/** As long as the calls that it is about (`BUSINESS_ROWS_KEPT`); an erasure of the caller takes it along. */
const knownCaller = { ...callerContact, keep: 'row', erase: 'delete-row' } as const;
const knownCallerIndex = {
  ...callerIndex,
  keep: 'row',
  erase: 'delete-row',
  indexes: { column: 'number', kind: 'phone' },
} as const;
const voice = { category: 'content', of: 'caller', keep: 'recording', erase: 'delete-row', export: false } as const;
const voiceFact = { ...voice, category: 'technical', export: true } as const;
const trace = { category: 'technical', of: 'member', keep: 'audit', erase: 'blank', export: true } as const;
const invited = { ...memberContact, keep: 'row', erase: 'delete-row' } as const;
const guess = { category: 'contact', of: 'member', keep: 'row', erase: 'delete-row', export: false } as const;
const guessedIndex = { ...guess, indexes: { column: 'email', kind: 'email' } } as const;
const oldEmailIndex = { ...guess, indexes: { column: 'oldEmail', kind: 'email' } } as const;
const newEmailIndex = { ...guess, indexes: { column: 'newEmail', kind: 'email' } } as const;

export const dataMap = {
  User: {
    id: plain,
    email: accountContact,
    emailIndex,
    emailIndexB: emailIndex,
    name: accountContact,
    role: shown,
    createdAt: memberFact,
    lastLogin: memberFact,
    failedLoginAttempts: plain,
    accountLockedUntil: plain,
    twoFactorEnabled: shown,
    twoFactorSecret: secondFactor,
    twoFactorLastStep: plain,
    dataProcessingConsent: memberFact,
    marketingConsent: memberFact,
    consentDate: memberFact,
    suspendedAt: memberFact,
  },
  Credential: { userId: plain, passwordHash, changedAt: plain },
  Session: {
    id: plain,
    userId: plain,
    businessId: plain,
    createdAt: device,
    lastSeenAt: device,
    idleSeconds: plain,
    expiresAt: plain,
    revokedAt: plain,
    reauthenticatedAt: plain,
    ipAddress: device,
    userAgent: device,
  },
  OneTimeToken: {
    id: plain,
    userId: plain,
    purpose: plain,
    secretHash: linkHash,
    createdAt: plain,
    expiresAt: plain,
    usedAt: plain,
    signUpId: plain,
    emailChangeId: plain,
  },
  EmailChange: {
    id: plain,
    userId: plain,
    sessionId: plain,
    oldEmail: { ...memberContact, keep: 'row', erase: 'delete-row' },
    oldEmailIndex,
    oldEmailIndexB: oldEmailIndex,
    newEmail: { ...memberContact, keep: 'row', erase: 'delete-row' },
    newEmailIndex,
    newEmailIndexB: newEmailIndex,
    createdAt: plain,
    expiresAt: plain,
    confirmedAt: plain,
    undoneAt: plain,
  },
  SignUp: {
    id: plain,
    email: { ...memberContact, keep: 'row', erase: 'delete-row' },
    emailIndex: guessedIndex,
    emailIndexB: guessedIndex,
    name: { ...memberContact, keep: 'row', erase: 'delete-row' },
    passwordHash: linkHash,
    businessName: { ...guess, category: 'identity' },
    zone: plain,
    createdAt: plain,
    expiresAt: plain,
  },
  RecoveryCode: {
    id: plain,
    userId: plain,
    salt: recoveryHash,
    codeHash: recoveryHash,
    createdAt: plain,
    usedAt: plain,
  },
  PendingSignIn: { id: plain, userId: plain, createdAt: plain, expiresAt: plain, usedAt: plain },
  KnownDevice: {
    userId: plain,
    id: device,
    createdAt: device,
    lastSeenAt: device,
    failedLoginAttempts: plain,
    lockedUntil: plain,
  },
  UnknownSignIn: {
    emailIndex: guess,
    emailIndexB: guess,
    failedLoginAttempts: plain,
    accountLockedUntil: plain,
    updatedAt: plain,
  },
  NetworkFailure: { network: { ...guess, category: 'technical' }, failedSignIns: plain, lastFailedAt: plain },
  SpentChallenge: { id: plain, expiresAt: plain },
  MobileNumber: {
    id: plain,
    userId: plain,
    number: accountContact,
    createdAt: memberFact,
    expiresAt: plain,
    tries: plain,
    codeAttemptedAt: plain,
    codeError: plain,
    verifiedAt: memberFact,
  },
  Membership: {
    businessId: plain,
    userId: plain,
    role: shown,
    createdAt: memberFact,
    mailAbout: shown,
    textAbout: shown,
    turn: plain,
  },
  Invitation: {
    businessId: plain,
    id: plain,
    email: invited,
    emailIndex: guessedIndex,
    emailIndexB: guessedIndex,
    role: plain,
    invitedBy: plain,
    createdAt: plain,
    sentAt: plain,
    expiresAt: plain,
    secretHash: linkHash,
    acceptedAt: plain,
    withdrawnAt: plain,
  },
  Business: {
    id: plain,
    name: shown,
    contactEmail: memberContact,
    greeting: plain,
    zone: plain,
    weeklyHours: { keys: { '1': plain, '2': plain, '3': plain, '4': plain, '5': plain, '6': plain, '7': plain } },
    exceptions: { keys: { date: plain, shifts: plain, reason: plain } },
    tier: plain,
    monthlyMinutesLimit: plain,
    forwardWhenOpen: plain,
    emergencyForwarding: plain,
    twoFactorRequired: plain,
    ringSeconds: plain,
    transcriptSource: plain,
    createdAt: plain,
    updatedAt: plain,
    suspendedAt: plain,
    hoursSavedAt: plain,
    escalateMinutes: plain,
    recordingDays: plain,
    transcriptDays: plain,
    metadataDays: plain,
    retentionBasis: plain,
  },
  PhoneRoute: { number: plain, businessId: plain, createdAt: plain },
  DutyContact: { businessId: plain, id: plain, position: plain, name: memberContact, phone: memberContact },
  Call: {
    businessId: plain,
    id: callId,
    callSid: callReference,
    type: callFact,
    status: callFact,
    intent: callFact,
    urgent: callFact,
    calledNumber: callFact,
    callerNumber: callerContact,
    callerNumberIndex,
    callerNumberIndexB: callerNumberIndex,
    callerName: callerContact,
    wanted: callerWords,
    startedAt: callTime,
    endedAt: callTime,
    secondsUsed: callFact,
    secondsCharged: callFact,
    heardAt: callCare,
    heardBy: callCare,
    calledBackAt: callCare,
    calledBackBy: callCare,
    takenAt: callCare,
    takenBy: callCare,
    uncharged: callFact,
    notSpamAt: callCare,
    notSpamBy: callCare,
    anonymised: plain,
    unheard: callFact,
    toCallBack: callFact,
    endedAs: callFact,
    spam: callFact,
  },
  CallEvent: {
    businessId: plain,
    id: plain,
    callId: plain,
    key: { ...callReference, erase: 'delete-row' },
    kind: callStep,
    detail: {
      keys: {
        as: callStep,
        attempt: callStep,
        because: callStep,
        by: callStep,
        choice: callStep,
        person: callStep,
        contactId: callStep,
        seconds: callStep,
        silent: callStep,
        urgent: callStep,
        error: callStep,
      },
    },
    said: callerWords,
    at: callStep,
  },
  Telling: {
    businessId: plain,
    id: plain,
    callId: plain,
    userId: memberStep,
    way: memberStep,
    turn: plain,
    state: memberStep,
    createdAt: memberStep,
    attemptedAt: plain,
    messageSid: { ...memberStep, export: false },
    sentAt: memberStep,
    settledAt: memberStep,
    errorCode: plain,
  },
  Recording: {
    businessId: plain,
    id: plain,
    callId: plain,
    recordingSid: voice,
    status: plain,
    seconds: voiceFact,
    storageKey: voice,
    contentType: plain,
    bytes: plain,
    sha256: voice,
    createdAt: voiceFact,
    storedAt: plain,
    remoteDeletedAt: plain,
  },
  Transcript: {
    businessId: plain,
    id: plain,
    callId: plain,
    recordingSid: transcriptReference,
    sessionSid: transcriptReference,
    status: plain,
    text: transcriptText,
    parts: transcriptText,
    nothing: plain,
    createdAt: transcriptReference,
  },
  Appointment: {
    businessId: plain,
    id: callId,
    customerName: callerContact,
    customerPhone: callerContact,
    customerPhoneIndex,
    customerPhoneIndexB: customerPhoneIndex,
    customerEmail: callerContact,
    customerEmailIndex,
    customerEmailIndexB: customerEmailIndex,
    startsAt: callTime,
    endsAt: callTime,
    service: callFact,
    status: callFact,
    notes: callerWords,
    createdAt: callTime,
    anonymised: plain,
  },
  LegalHold: {
    businessId: plain,
    id: plain,
    callId: plain,
    person: held,
    personIndex: heldIndex,
    personIndexB: heldIndex,
    reason: { ...held, category: 'content' },
    placedBy: plain,
    placedAt: plain,
  },
  OptOut: {
    businessId: plain,
    id: plain,
    channel: { ...plain, export: true },
    number: optedOut,
    numberIndex: optedOutIndex,
    numberIndexB: optedOutIndex,
    since: shown,
    endedAt: shown,
  },
  KnownCaller: {
    businessId: plain,
    id: plain,
    number: knownCaller,
    numberIndex: knownCallerIndex,
    numberIndexB: knownCallerIndex,
    mark: { ...plain, export: true },
    markedBy: plain,
    markedAt: shown,
  },
  UsageNotice: { businessId: plain, month: plain, percent: plain, minutesLimit: plain, noticedAt: plain },
  RetentionReport: {
    businessId: plain,
    lookedAt: plain,
    recordings: plain,
    transcripts: plain,
    calls: plain,
    appointments: plain,
    pastDueSeconds: plain,
  },
  AccessGrant: {
    businessId: plain,
    id: plain,
    userId: trace,
    sessionId: plain,
    reason: { ...trace, category: 'content', sealed: true },
    startedAt: shown,
    expiresAt: plain,
    endedAt: plain,
    endedBy: trace,
  },
  AuditLog: {
    id: plain,
    businessId: plain,
    userId: { ...trace, erase: 'keep' }, // sealed with the entry; the id of nobody once the account is gone
    action: shown,
    resourceType: shown,
    resourceId: plain,
    ipAddress: trace,
    userAgent: trace,
    details: {
      keys: {
        fields: plain,
        ids: plain,
        permission: plain,
        reason: plain,
        count: plain,
        role: plain,
        grant: plain,
        emailIndex: memberIndex,
      },
    },
    timestamp: shown,
  },
  AuditSegment: {
    chain: plain,
    number: plain,
    entries: plain,
    sealedAt: plain,
    newest: plain,
    document: plain,
    signature: plain,
    digest: plain,
    storedAt: plain,
    removedAt: plain,
    lost: plain,
  },
  AuditSalt: { id: plain, chain: plain, number: plain, salt: plain, personalSalt: { ...trace, export: false } },
  AuditUnsealed: { chain: plain, id: plain },
  Job: {
    id: plain,
    businessId: plain,
    kind: plain,
    key: plain,
    payload: {
      keys: {
        callId: plain,
        tellingId: plain,
        numberId: plain,
        recordingId: plain,
        userId: plain,
        signUpId: plain,
        emailChangeId: plain,
        businessId: plain,
        invitationId: plain,
        alert: plain,
        mail: plain,
        reference: plain,
        subject: plain,
        month: plain,
        percent: plain,
      },
    },
    runAt: plain,
    attempts: plain,
    lease: plain,
    leasedUntil: plain,
    doneAt: plain,
    deadAt: plain,
    lastError: plain,
    heldAt: plain,
    createdAt: plain,
    requestId: plain,
  },
  Backup: {
    name: plain,
    madeAt: plain,
    seconds: plain,
    bytes: plain,
    rowCount: plain,
    recordings: plain,
    checkedAt: plain,
    fault: plain,
    drilledAt: plain,
    drillSeconds: plain,
    drillFault: plain,
    deletedAt: plain,
  },
  Restore: { id: plain, backup: plain, restoredAt: plain, finishedAt: plain },
  JobRun: {
    id: plain,
    job: plain,
    startedAt: plain,
    leasedUntil: plain,
    endedAt: plain,
    outcome: plain,
    counts: {
      keys: {
        due: plain,
        done: plain,
        again: plain,
        dead: plain,
        lost: plain,
        entries: plain,
        segments: plain,
        stored: plain,
        // backup, verify-backup, drill
        bytes: plain,
        rows: plain,
        recordings: plain,
        missing: plain,
        backups: plain,
        faulty: plain,
        deleted: plain,
        seconds: plain,
        drillAgeDays: plain,
        // retention, anonymise
        transcripts: plain,
        words: plain,
        calls: plain,
        appointments: plain,
        retried: plain,
        pastDueSeconds: plain,
        // reconcile
        begun: plain,
        ended: plain,
        unopened: plain,
        // watch
        late: plain,
        unsaved: plain,
        quiet: plain,
        // escalate
        told: plain,
      },
    },
    error: plain,
  },
  RateLimit: { key: plain, points: plain, expire: plain },
} as const satisfies DataMap;

// `satisfies` lets an extra column through inside a spread; this does not.
type Extra = {
  [M in Prisma.ModelName]: Exclude<keyof (typeof dataMap)[M], keyof Scalars<M>>;
}[Prisma.ModelName];
const noColumnBesideTheSchema: [Extra] extends [never] ? true : Extra = true;
void noColumnBesideTheSchema;

export type Model = Prisma.ModelName;

/** The columns of a model that are sealed: `SealedColumn<'Transcript'>` is `'text'`. */
export type SealedColumn<M extends Model> = {
  [F in keyof (typeof dataMap)[M]]: (typeof dataMap)[M][F] extends { sealed: true } ? F : never;
}[keyof (typeof dataMap)[M]];

/** The same at run time. Gathered once: it is asked for with every row. */
export const sealedColumns = (model: Model): readonly string[] => sealedByModel.get(model) ?? [];
const sealedByModel = new Map<string, readonly string[]>(
  Object.entries(dataMap).map(([model, columns]) => [
    model,
    Object.entries<Rule | JsonRule>(columns).flatMap(([column, rule]) => ('sealed' in rule ? [column] : [])),
  ]),
);

/** The blind indexes of a model, by the name of the first of their two columns; that of the second ends with B. */
export const blindIndexes = (model: Model) =>
  Object.entries<Rule | JsonRule>(dataMap[model]).flatMap(([name, rule]) =>
    'indexes' in rule && rule.indexes && `${name}B` in dataMap[model] ? [{ name, ...rule.indexes }] : [],
  );

/** The keys that a JSON column may hold, so that nobody stores there what the map does not know. */
export type JsonKey<M extends Model, F extends keyof (typeof dataMap)[M]> = (typeof dataMap)[M][F] extends {
  keys: infer K;
}
  ? keyof K
  : never;
