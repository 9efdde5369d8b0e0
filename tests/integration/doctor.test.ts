/** `npm run doctor`, as typed in a shell: whatever is wrong is said in a line with its fix, and no secret is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { newEntry } from '@/lib/platform/keys';
import { clockJobNames } from '@/lib/rules/clock-jobs';
import { testDatabase } from '@/tests/support/database';
import { pretendTwilio } from '@/tests/support/pretend-twilio';
import { freePort, startSilence } from '@/tests/support/redis';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { hasS3, startS3 } from '@/tests/support/s3-server';

const { app, owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const twilio = await pretendTwilio();
const silence = await startSilence();

/** The application, as far as the doctor sees it. */
const application = createServer((request, response) => {
  response.writeHead(request.url === '/api/twilio/voice' ? 403 : 404).end();
});
await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
const APP_URL = `http://127.0.0.1:${(application.address() as AddressInfo).port}`;

const account = 'GET /2010-04-01/Accounts/AC00000000000000000000000000000000';
let number: string;
const says = (line: string, body: object) =>
  twilio.on(`${account}${line}`, (response) => void response.writeHead(200).end(JSON.stringify(body)));
const numberSays = (more: object = {}) =>
  says('/IncomingPhoneNumbers.json?PageSize=1000', {
    incoming_phone_numbers: [
      {
        phone_number: number,
        voice_url: `${APP_URL}/api/twilio/voice`,
        voice_method: 'POST',
        status_callback: `${APP_URL}/api/twilio/voice/status`,
        status_callback_method: 'POST',
        sms_url: `${APP_URL}/api/twilio/messages`,
        sms_method: 'POST',
        voice_fallback_url: 'https://elsewhere.example.com/fallback.xml',
        ...more,
      },
    ],
  });

beforeAll(async () => {
  await makeBusiness(owner);
  number = (await owner.phoneRoute.findFirstOrThrow()).number;
  await makePerson(owner);
});
beforeEach(async () => {
  says('.json', { status: 'active' });
  numberSays();
  await owner.jobRun.deleteMany();
  for (const job of clockJobNames) {
    const at = new Date();
    await owner.jobRun.create({
      data: { id: newId(), job, startedAt: at, endedAt: at, leasedUntil: at, outcome: 'done' },
    });
  }
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
  await silence.stop();
  application.close();
});

/** A folder of its own, in which the store on disk lies. */
const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-'));
for (const name of ['lib', 'scripts', 'prisma', 'package.json', 'tsconfig.json'])
  cpSync(name, path.join(folder, name), { recursive: true });
symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));

async function doctor(environment: Record<string, string> = {}, args: readonly string[] = []) {
  const given = { ...process.env, APP_URL, DATABASE_URL: app, ...environment };
  const child = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', 'scripts/doctor.ts', ...args], {
    cwd: folder,
    env: given,
  });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = await once(child, 'close');
  for (const [name, value] of Object.entries(given)) {
    const isSecret =
      /KEY|SECRET|TOKEN|IDENTIT|PASSWORD|^(DATABASE|DIRECT|SMTP|REDIS)_URL$/.test(name) && (value?.length ?? 0) > 8;
    if (isSecret && value) expect([name, `${out}${said}`.includes(value)]).toEqual([name, false]);
  }
  return { code: code as number, out, said };
}
const lines = (out: string, how: string) =>
  out
    .split('\n')
    .filter((line) => line.endsWith(how))
    .map((line) => line.split(' ')[0]);

test('explains itself, and says what it does not understand', async () => {
  expect(await doctor({}, ['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('npm run doctor') });
  expect(await doctor({}, ['everything'])).toMatchObject({ code: 2, out: '' });
});

test('where all is well it says so', async () => {
  const { code, out } = await doctor();
  expect(out).toMatch(/\nNothing is wrong\.\n$/);
  expect(lines(out, 'fine')).toHaveLength(11);
  expect(code).toBe(0);
});

const superuser = () =>
  Object.assign(new URL(inject('testServer').superuser), { pathname: new URL(app).pathname }).href;
const elsewhere = async (url: string) => Object.assign(new URL(url), { port: String(await freePort()) }).href;
const smtp = async () => `smtp://login:a-mail-password@127.0.0.1:${await freePort()}`;

const faults: Record<
  string,
  readonly [check: string, said: RegExp, environment: () => Promise<Record<string, string>>]
> = {
  'a variable that is wrong': [
    'environment',
    /SESSION_TIMEOUT must be a whole number/,
    async () => ({ SESSION_TIMEOUT: '1h' }),
  ],
  'a superuser that serves': [
    'database',
    /its login is a superuser .*; use the role app/,
    async () => ({ DATABASE_URL: superuser() }),
  ],
  'an owner that serves': [
    'database',
    /its login owns tables, .*; use the role app/,
    async () => ({ DATABASE_URL: ownerUrl }),
  ],
  'a database that is away': [
    'database',
    /nobody answers there \(ECONNREFUSED\): start PostgreSQL/,
    async () => ({ DATABASE_URL: await elsewhere(app) }),
  ],
  'a key that is missing': [
    'keys',
    /ENCRYPTION_KEY: .*needs key [0-9a-f]{8}.* Put the missing key behind the first/,
    async () => ({ ENCRYPTION_KEY: `${'B'.repeat(43)}=` }),
  ],
  'keys in an order in which nothing is found': [
    'keys',
    /ENCRYPTION_KEY: in this order the keys find no account by its e-mail: the oldest must stand last/,
    async () => ({ ENCRYPTION_KEY: [newEntry('a'), process.env.ENCRYPTION_KEY, newEntry('b')].join(',') }),
  ],
  'a mail server that is away': [
    'mail',
    /SMTP_URL: the mail server cannot be used \(\w+\): correct host/,
    async () => ({ SMTP_URL: await smtp() }),
  ],
  'a limiter store that says nothing': [
    'limits',
    /REDIS_URL: the store does not answer/,
    async () => ({ REDIS_URL: `redis://login:a-redis-password@127.0.0.1:${silence.port}` }),
  ],
  'an address at which nobody answers': [
    'address',
    /APP_URL: nothing answers there/,
    async () => ({ APP_URL: `http://127.0.0.1:${await freePort()}` }),
  ],
};

test.each(Object.entries(faults))('%s is named with its fix', async (_, [check, said, environment]) => {
  const { code, out } = await doctor(await environment());
  expect(out).toMatch(said);
  expect([...lines(out, 'WRONG'), ...lines(out, 'doubtful')]).toContain(check);
  expect(code).toBe(lines(out, 'WRONG').length > 0 ? 1 : 0);
});

test('a token that is not the account’s, and a number that calls another address, are named with their fix', async () => {
  numberSays({ voice_url: 'https://demo.twilio.com/welcome', status_callback: null, voice_fallback_url: null });
  const { code, out } = await doctor();
  expect(code).toBe(1);
  expect(out).toContain(`${number}: set "A call comes in" to POST ${APP_URL}/api/twilio/voice`);
  expect(out).toContain(`${number}: set "Call status changes" to POST ${APP_URL}/api/twilio/voice/status`);
  expect(out).toContain(`? ${number}: "Primary handler fails" is empty`);

  twilio.on(`${account}.json`, (response) => void response.writeHead(401).end());
  expect((await doctor()).out).toContain('no token in it is that of TWILIO_ACCOUNT_SID');
});

test('a clock that starts nothing is a doubt that names the jobs', async () => {
  const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
  await owner.jobRun.updateMany({ where: { job: { in: ['sweep', 'backup'] } }, data: { startedAt: twoDaysAgo } });
  const { code, out } = await doctor();
  expect([code, out.includes('The clock has not started sweep, backup when it should have')]).toEqual([0, true]);

  await owner.jobRun.deleteMany();
  expect((await doctor()).out).toContain('The clock has not started anything yet');
});

test.skipIf(!hasS3)('a bucket is tried with a file that is taken away again, and its faults are named', async () => {
  const s3 = await startS3();
  try {
    const { bucket, region, accessKeyId, secretAccessKey } = await s3.makeBucket();
    const place = {
      BACKUP_S3_BUCKET: bucket,
      S3_ENDPOINT: s3.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    expect(await doctor(place)).toMatchObject({ code: 0 });
    const wrong = await doctor({ ...place, AWS_SECRET_ACCESS_KEY: 'not-the-secret-of-this-key' });
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('BACKUP_S3_BUCKET: AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID');
    const gone = await doctor({ ...place, BACKUP_S3_BUCKET: 'not-there' });
    expect(gone.out).toContain('BACKUP_S3_BUCKET: there is no bucket not-there: make it, or correct its name');
  } finally {
    await s3.stop();
  }
});
