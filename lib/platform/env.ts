/**
 * The environment, read once and checked whole.
 *
 * Nothing here has a default that is a secret, in any environment: `npm run dev` and `npm run demo` generate theirs into
 * `.data/dev.env`. A message names the variable and the fix and never repeats the value, which may be a secret in the
 * wrong place.
 */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** One line for each variable that is wrong: its name, what is wrong with it, and how to mend it. */
export class EnvError extends Error {
  override name = 'EnvError';
}

const fernetKey = 'generate one with: npm run keys -- generate';

const signingKey = 'generate one with: openssl genpkey -algorithm ed25519 -outform DER | base64 -w0';

/** A variable that must be there: `fix` says where its value comes from. */
const needed = (fix: string) => z.string({ error: `is missing: ${fix}` });

const secret = z.string().min(32, 'is shorter than 32 characters: generate one with: openssl rand -base64 48');

/** What is no address is not looked into any further. */
const abort = true;

const postgresUrl = z.string().refine((value) => hasProtocol(value, ['postgres:', 'postgresql:']), {
  abort,
  error: 'is not a PostgreSQL address: write postgresql://login:password@host:5432/database',
});

const webUrl = z
  .string()
  .refine((value) => hasProtocol(value, ['http:', 'https:']) && /^\/*$/.test(new URL(value).pathname), {
    abort,
    error: 'is not the address of a site: write https:// and a host, without a path',
  })
  .transform((value) => new URL(value).origin);

/** An address of somebody else's, with whatever path it has; what passes there is not for others to read. */
const serverUrl = z
  .string()
  .refine((value) => hasProtocol(value, ['http:', 'https:']), {
    abort,
    error: 'is not an address: write https:// and a host',
  })
  .refine((value) => value.startsWith('https:') || isLoopback(value), 'must start with https:// outside this machine')
  .transform((value) => (value.endsWith('/') ? value.slice(0, -1) : value));

const bucket = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'is not the name of a bucket: 3 to 63 small letters, digits, dots and hyphens',
  );

const wholeNumber = (fallback: number, least: number, most: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);

/** One or more values separated by commas: the first is the one in use, the others are still accepted. */
const list = (one: z.ZodString) =>
  z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.tuple([one], one));

/** 32 bytes in URL-safe base64 with its padding, the form of a Fernet key; or a passphrase from which they are derived. */
const encryptionKey = z.string().superRefine((value, context) => {
  if (value.startsWith('pbkdf2:')) {
    if (!/^pbkdf2:[^:]{16,}:.{16,}$/.test(value))
      context.addIssue(
        'holds a passphrase in another form than pbkdf2:<salt>:<passphrase>, each at least 16 characters, without a comma and the salt without a colon',
      );
  } else if (!/^[A-Za-z0-9_-]{43}=$/.test(value)) {
    context.addIssue(`must be keys of 44 URL-safe base64 characters, separated by commas: ${fernetKey}`);
  }
});

const mailAddress = z.string().regex(/^[^\s@,<>]+@[^\s@,<>]+$/, 'is not an e-mail address: write name@example.com');

/** Addresses and networks (CIDR), IPv4 and IPv6, as a list that answers whether an address is on it. */
const networks = z.string().transform((value, context) => {
  const list = new BlockList();
  for (const network of value.split(',').map((part) => part.trim())) {
    const [address = '', bits, ...more] = network.split('/');
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (version === 0 || address.includes('%') || !isNetwork || more.length > 0) {
      context.addIssue(
        'must be addresses or networks, separated by commas: write 203.0.113.7, 198.51.100.0/24, 2001:db8::/32',
      );
      return z.NEVER;
    }
    list.addSubnet(address, Number(bits ?? most), version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
});

const schema = z
  .object({
    DATABASE_URL: needed("set it to the app login's PostgreSQL address").pipe(postgresUrl),
    DIRECT_URL: postgresUrl.optional(),
    SECRET_KEY: needed('generate one with: openssl rand -base64 48').pipe(secret),
    ENCRYPTION_KEY: needed(fernetKey).pipe(list(encryptionKey)),
    OLD_ENCRYPTION_KEY: z.string().pipe(list(encryptionKey)).optional(),
    APP_URL: needed('set it to the address that people open, such as https://app.example.com').pipe(webUrl),
    ALLOWED_ORIGINS: z
      .string()
      .default('')
      .transform((value) =>
        value
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean),
      )
      .pipe(z.array(webUrl)),
    SECURITY_CONTACT: z
      .string()
      .refine((value) => hasProtocol(value, ['https:', 'mailto:']), {
        error: 'is nowhere to write to: write mailto:security@example.com, or https:// and the address of a form',
      })
      .optional(),
    SESSION_TIMEOUT: wholeNumber(3600, 60, 43_200),
    CRON_SECRET: secret.optional(),
    TRUSTED_PROXY_HOPS: wholeNumber(0, 0, 10),
    TWILIO_ACCOUNT_SID: needed('copy the Account SID from the Twilio console').regex(
      /^AC[0-9a-f]{32}$/,
      'is not an Account SID: it is AC followed by 32 digits and letters from a to f',
    ),
    TWILIO_AUTH_TOKEN: needed('copy the auth token from the Twilio console')
      .pipe(list(z.string().min(32, 'is shorter than 32 characters: copy the auth token from the Twilio console')))
      .refine((tokens) => tokens.length <= 2, {
        error: 'holds more than two tokens: keep the primary one and, while you change it, the secondary one',
      }),
    TWILIO_API_BASE_URL: webUrl.default('https://api.twilio.com'),
    STORAGE_AGE_IDENTITIES: needed('run age-keygen and copy the line that starts with AGE-SECRET-KEY-1').pipe(
      list(z.string().regex(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/, 'must be age identities: run age-keygen')),
    ),
    AUDIT_SIGNING_KEY: needed(signingKey).pipe(
      list(
        z
          .string()
          .regex(
            /^(?:MC4CAQAwBQYDK2VwBCIEI[A-Za-z0-9+/]{43}|MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=)$/,
            `must be Ed25519 keys in DER and base64, separated by commas: ${signingKey}`,
          ),
      ),
    ),
    BACKUP_AGE_RECIPIENTS: list(
      z
        .string()
        .regex(
          /^age1[02-9ac-hj-np-z]+$/,
          'must be age recipients, which begin with age1: run age-keygen -y <identity>',
        ),
    ).optional(),
    BACKUP_AGE_IDENTITY: list(
      z.string().regex(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/, 'must be an age identity: run age-keygen'),
    ).optional(),
    UPSTASH_REDIS_REST_URL: webUrl.optional(),
    UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
    REDIS_URL: z
      .string()
      .refine((value) => hasProtocol(value, ['redis:', 'rediss:']), {
        error: 'is not a Redis address: write rediss://login:password@host:6379',
      })
      .optional(),
    RECORDINGS_S3_BUCKET: bucket.optional(),
    BACKUP_S3_BUCKET: bucket.optional(),
    S3_ENDPOINT: serverUrl.optional(),
    AWS_REGION: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'is not a region: write eu-central-1, or what your server calls its own')
      .optional(),
    AWS_ACCESS_KEY_ID: z.string().optional(),
    AWS_SECRET_ACCESS_KEY: z.string().optional(),
    SMTP_URL: z
      .string()
      .refine((value) => hasProtocol(value, ['smtp:', 'smtps:']), {
        error: 'is not a mail server: write smtps://login:password@host:465',
      })
      .optional(),
    MAIL_FROM: mailAddress.optional(),
    ALERT_EMAIL: mailAddress.optional(),
    ALERT_WEBHOOK_URL: serverUrl.optional(),
    ADMIN_IP_ALLOWLIST: networks.optional(),
    PORT: wholeNumber(3000, 0, 65_535),
  })
  .superRefine((values, context) => {
    const complain = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message, input: undefined });

    if (values.DIRECT_URL && userOf(values.DIRECT_URL) === userOf(values.DATABASE_URL)) {
      complain('DIRECT_URL', 'has the same login as DATABASE_URL: the app must not run as the owner of its tables');
    }
    const { UPSTASH_REDIS_REST_URL: upstash } = values;
    if (upstash && !upstash.startsWith('https:') && !isLoopback(upstash))
      complain('UPSTASH_REDIS_REST_URL', 'must start with https:// outside this machine');
    if (upstash && !values.UPSTASH_REDIS_REST_TOKEN)
      complain('UPSTASH_REDIS_REST_TOKEN', 'is missing: copy the REST token that belongs to UPSTASH_REDIS_REST_URL');
    if (!upstash && values.UPSTASH_REDIS_REST_TOKEN)
      complain('UPSTASH_REDIS_REST_URL', 'is missing: copy the REST address that belongs to UPSTASH_REDIS_REST_TOKEN');
    const { RECORDINGS_S3_BUCKET: recordings, BACKUP_S3_BUCKET: backups } = values;
    if (recordings || backups) {
      for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const) {
        if (!values[name]) complain(name, `is missing: ${recordings ? 'RECORDINGS' : 'BACKUP'}_S3_BUCKET needs it`);
      }
    } else if (values.S3_ENDPOINT)
      complain('S3_ENDPOINT', 'names a server, but neither RECORDINGS_S3_BUCKET nor BACKUP_S3_BUCKET a bucket there');
    if (recordings && recordings === backups)
      complain('BACKUP_S3_BUCKET', 'is the same as RECORDINGS_S3_BUCKET: give backups a bucket of their own');
    if (isLoopback(values.APP_URL)) return;

    // On a machine of one's own the outbox takes the mail; anywhere else somebody is waiting for it.
    if (!values.APP_URL.startsWith('https:')) complain('APP_URL', 'must start with https:// outside this machine');
    for (const name of ['SMTP_URL', 'MAIL_FROM', 'ALERT_EMAIL'] as const) {
      if (!values[name]) complain(name, 'is missing: mail cannot be sent without it, see .env.example');
    }
    if (!values.BACKUP_AGE_RECIPIENTS)
      complain(
        'BACKUP_AGE_RECIPIENTS',
        'is missing: without it nothing is backed up; run age-keygen, see .env.example',
      );
  });

export type Env = Readonly<z.output<typeof schema>>;

/** Every variable there is. */
export const variables: readonly string[] = Object.keys(schema.shape);

/**
 * Checks a set of variables. Blank ones count as absent, as compose files and dashboards write them.
 *
 * @throws EnvError with a line for each variable that is wrong.
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const firstOfEach = new Map<PropertyKey | undefined, string>();
  for (const { path, message } of result.error.issues) {
    if (!firstOfEach.has(path[0])) firstOfEach.set(path[0], message);
  }
  throw new EnvError([...firstOfEach].map(([name, problem]) => `${String(name)} ${problem}`).join('\n'));
}

let parsed: Env | undefined;

/**
 * The environment of this process. Read at the first call, not at import: `next build` has none.
 *
 * @throws EnvError with a line for each variable that is wrong.
 */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** Whether an address leads back to this machine, where a demo or a test runs. */
export function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

function userOf(url: string): string {
  return new URL(url).username;
}
