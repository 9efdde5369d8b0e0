import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EnvError, isLoopback, parseEnv, variables } from '@/lib/platform/env';

const key = `${'A'.repeat(43)}=`;
const onThisMachine = {
  DATABASE_URL: 'postgresql://app:pw@127.0.0.1:5432/app',
  SECRET_KEY: 's'.repeat(32),
  ENCRYPTION_KEY: key,
  APP_URL: 'http://localhost:3000',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 't'.repeat(32),
  AUDIT_SIGNING_KEY: `MC4CAQAwBQYDK2VwBCIEI${'Q'.repeat(43)}`,
  STORAGE_AGE_IDENTITIES: `AGE-SECRET-KEY-1${'Q'.repeat(58)}`,
};
const elsewhere = {
  ...onThisMachine,
  APP_URL: 'https://app.example.com',
  SMTP_URL: 'smtps://mail.example.com:465',
  MAIL_FROM: 'phone@example.com',
  ALERT_EMAIL: 'ops@example.com',
  BACKUP_AGE_RECIPIENTS: `age1${'q'.repeat(58)}`,
};

/** What is wrong with the environment, a line a variable. */
function complaints(source: Record<string, string | undefined>): string[] {
  try {
    parseEnv(source);
    return [];
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return error.message.split('\n');
  }
}

describe('the environment', () => {
  test('a whole one passes, with what is left out at its default', () => {
    expect(parseEnv(elsewhere)).toMatchObject({
      APP_URL: 'https://app.example.com',
      SESSION_TIMEOUT: 3600,
      TRUSTED_PROXY_HOPS: 0,
      TWILIO_API_BASE_URL: 'https://api.twilio.com',
      PORT: 3000,
      ENCRYPTION_KEY: [key],
    });
  });

  test('.env.example names every variable, holds no secret, and is right about the others', () => {
    const lines = [...readFileSync('.env.example', 'utf8').matchAll(/^(?:# )?([A-Z0-9_]+)=(.*)$/gm)];
    const example = Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
    expect(Object.keys(example).toSorted()).toEqual(variables.toSorted());

    const secrets = Object.keys(example).filter((name) => example[name] === '');
    const complained = complaints(example).map((line) => line.split(' ')[0]);
    const optional = ['CRON_SECRET', 'BACKUP_AGE_RECIPIENTS', 'BACKUP_AGE_IDENTITY', 'OLD_ENCRYPTION_KEY'];
    expect([...complained, ...optional].toSorted()).toEqual(secrets.toSorted());
  });

  test('docs/deploy.md says of every variable what it is', () => {
    const paper = readFileSync('docs/deploy.md', 'utf8');
    const table = paper.slice(paper.indexOf('## Every variable'), paper.indexOf('## What it costs'));
    const named = [...table.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(variables.toSorted());
  });

  test('V7.2.3 what seals every cookie is no word: at least 32 characters', () => {
    expect(complaints({ ...onThisMachine, SECRET_KEY: 'x'.repeat(31) })).toEqual([
      'SECRET_KEY is shorter than 32 characters: generate one with: openssl rand -base64 48',
    ]);
    expect(complaints({ ...onThisMachine, SECRET_KEY: 'x'.repeat(32) })).toEqual([]);
  });

  test('V16.5.3 no secret has a default', () => {
    const absent = complaints({}).map((line) => line.split(' ')[0]);
    expect(absent.toSorted()).toEqual(Object.keys(onThisMachine).toSorted());
  });

  test('each complaint is one line that names its variable and says how to mend it', () => {
    expect(complaints({ ...onThisMachine, SECRET_KEY: undefined })).toEqual([
      'SECRET_KEY is missing: generate one with: openssl rand -base64 48',
    ]);
    expect(complaints({ ...onThisMachine, SECRET_KEY: '  ', SESSION_TIMEOUT: '1h' })).toEqual([
      'SECRET_KEY is missing: generate one with: openssl rand -base64 48',
      'SESSION_TIMEOUT must be a whole number from 60 to 43200',
    ]);
  });

  test('no complaint repeats a value', () => {
    const wrong = Object.fromEntries(
      [...Object.keys(elsewhere), 'DIRECT_URL', 'CRON_SECRET', 'SESSION_TIMEOUT', 'TRUSTED_PROXY_HOPS', 'PORT'].map(
        (name) => [name, 'hunter2'],
      ),
    );
    const lines = complaints(wrong);
    expect(lines).toHaveLength(Object.keys(wrong).length);
    expect(lines.join()).not.toContain('hunter2');
  });

  test('a key is a Fernet key, or a passphrase with salt, and long enough to be worth something', () => {
    expect(complaints({ ...onThisMachine, ENCRYPTION_KEY: `${key},short` })).toEqual([
      expect.stringMatching(/^ENCRYPTION_KEY must be keys of 44/),
    ]);
    const passphrase = 'pbkdf2:a salt of our own:correct horse: battery staple';
    expect(parseEnv({ ...onThisMachine, ENCRYPTION_KEY: `${passphrase},${key}` }).ENCRYPTION_KEY).toEqual([
      passphrase,
      key,
    ]);
    for (const wrong of ['pbkdf2:salt:correct horse battery staple', 'pbkdf2:a salt of our own:short', 'pbkdf2:']) {
      expect(complaints({ ...onThisMachine, ENCRYPTION_KEY: wrong })).toEqual([
        expect.stringMatching(/^ENCRYPTION_KEY holds a passphrase in another form than pbkdf2:<salt>:<passphrase>/),
      ]);
    }
  });

  test('lists keep their order, the first being the one in use', () => {
    const [first, second] = [`${'B'.repeat(43)}=`, key];
    expect(parseEnv({ ...onThisMachine, ENCRYPTION_KEY: `${first}, ${second}` }).ENCRYPTION_KEY).toEqual([
      first,
      second,
    ]);
    expect(complaints({ ...onThisMachine, TWILIO_AUTH_TOKEN: Array(3).fill('t'.repeat(32)).join() })).toEqual([
      expect.stringMatching(/^TWILIO_AUTH_TOKEN holds more than two tokens/),
    ]);
  });

  test('outside this machine, mail and alerts must have somewhere to go, backups a key, and the address is HTTPS', () => {
    const { SMTP_URL, MAIL_FROM, ALERT_EMAIL, BACKUP_AGE_RECIPIENTS, ...silent } = elsewhere;
    const lines = complaints({ ...silent, APP_URL: 'http://app.example.com' });
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'APP_URL',
      'SMTP_URL',
      'MAIL_FROM',
      'ALERT_EMAIL',
      'BACKUP_AGE_RECIPIENTS',
    ]);
  });

  test('the app may not be given the login that owns the tables', () => {
    expect(complaints({ ...onThisMachine, DIRECT_URL: onThisMachine.DATABASE_URL })).toEqual([
      expect.stringMatching(/^DIRECT_URL has the same login/),
    ]);
  });

  test('the limiter’s places are addresses of the right kind, and Upstash has both its parts or neither', () => {
    const upstash = { UPSTASH_REDIS_REST_URL: 'https://eu1.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'token' };
    expect(parseEnv({ ...elsewhere, ...upstash, REDIS_URL: 'rediss://l:p@redis.example.com:6379' })).toMatchObject(
      upstash,
    );
    expect(complaints({ ...onThisMachine, REDIS_URL: 'https://redis.example.com' })).toEqual([
      'REDIS_URL is not a Redis address: write rediss://login:password@host:6379',
    ]);
    for (const name of ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'] as const) {
      expect(complaints({ ...onThisMachine, ...upstash, [name]: ' ' })).toEqual([
        expect.stringMatching(new RegExp(`^${name} is missing: copy the REST`)),
      ]);
    }
    expect(complaints({ ...onThisMachine, ...upstash, UPSTASH_REDIS_REST_URL: 'http://eu1.upstash.io' })).toEqual([
      'UPSTASH_REDIS_REST_URL must start with https:// outside this machine',
    ]);
  });

  test('a bucket comes with its region and its key, and recordings and backups are not in the same one', () => {
    const buckets = {
      RECORDINGS_S3_BUCKET: 'acp-recordings',
      BACKUP_S3_BUCKET: 'acp-backups',
      S3_ENDPOINT: 'https://storage.example.com/s3',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    expect(parseEnv({ ...elsewhere, ...buckets })).toMatchObject(buckets);
    for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
      expect(complaints({ ...onThisMachine, ...buckets, [name]: '' })).toEqual([
        `${name} is missing: RECORDINGS_S3_BUCKET needs it`,
      ]);
    }
    expect(complaints({ ...onThisMachine, ...buckets, BACKUP_S3_BUCKET: 'acp-recordings' })).toEqual([
      'BACKUP_S3_BUCKET is the same as RECORDINGS_S3_BUCKET: give backups a bucket of their own',
    ]);
    expect(complaints({ ...onThisMachine, ...buckets, BACKUP_S3_BUCKET: 'acp_backups/today' })).toEqual([
      expect.stringMatching(/^BACKUP_S3_BUCKET is not the name of a bucket/),
    ]);
    expect(complaints({ ...onThisMachine, S3_ENDPOINT: buckets.S3_ENDPOINT })).toEqual([
      expect.stringMatching(/^S3_ENDPOINT names a server, but neither/),
    ]);
    expect(complaints({ ...onThisMachine, ...buckets, S3_ENDPOINT: 'http://storage.example.com' })).toEqual([
      'S3_ENDPOINT must start with https:// outside this machine',
    ]);
  });

  test('an address with a path is no site, and a trailing slash is forgiven', () => {
    expect(complaints({ ...onThisMachine, APP_URL: 'http://localhost:3000/app' })).toHaveLength(1);
    expect(parseEnv({ ...onThisMachine, APP_URL: 'http://localhost:3000/' }).APP_URL).toBe('http://localhost:3000');
  });

  test.each([
    ['http://127.0.0.1:3000', true],
    ['http://localhost', true],
    ['http://[::1]:3000', true],
    ['https://localhost.example.com', false],
    ['https://127.0.0.1.example.com', false],
  ])('%s leads back to this machine: %s', (url, expected) => {
    expect(isLoopback(url)).toBe(expected);
  });
});
