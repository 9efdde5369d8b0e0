/** Keys, mail, limits and the clock's schedule. */
import { command } from '@/lib/doors/command';
import { decrypt, encrypt } from '@/lib/platform/age';
import { now } from '@/lib/platform/clock';
import { env, isLoopback } from '@/lib/platform/env';
import { reachMailServer } from '@/lib/platform/mail';
import { limitStoreAway } from '@/lib/platform/rate-limit';
import { blindIndex, hasIndex, open, SealError } from '@/lib/platform/sealing';
import { isLate, servedClockJobs } from '@/lib/rules/clock-jobs';
import { codeOf, doubtful, type Finding, wrong } from './findings';

/** Whether the keys open what was sealed first and last and find it, and open what they seal themselves. */
export async function checkKeys(): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const createdAt of ['asc', 'desc'] as const) {
    const user = await command(({ tx }) =>
      tx.user.findFirst({ select: { id: true, email: true }, orderBy: { createdAt } }),
    );
    if (!user) break;
    try {
      const { id, email } = open('User', user);
      const where = { id, ...hasIndex('emailIndex', blindIndex('email', email)) };
      if (!(await command(({ tx }) => tx.user.findFirst({ select: { id: true }, where }))))
        findings.push(
          wrong('ENCRYPTION_KEY: in this order the keys find no account by its e-mail: the oldest must stand last'),
        );
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      findings.push(wrong(`ENCRYPTION_KEY: ${error.message}. Put the missing key behind the first`));
    }
  }
  const text = 'a file';
  const back = await new Response(await decrypt(await encrypt(new Blob([text]).stream()))).text();
  if (back !== text)
    findings.push(wrong('STORAGE_AGE_IDENTITIES: the first does not open what it seals: make another with age-keygen'));
  const { BACKUP_AGE_IDENTITY, APP_URL } = env();
  if (BACKUP_AGE_IDENTITY && !isLoopback(APP_URL)) {
    const text =
      'BACKUP_AGE_IDENTITY: whoever takes over this machine can read every backup: keep it where restores are run';
    findings.push(doubtful(text));
  }
  return findings;
}

/** Whether the mail server lets us in. No mail is sent. */
export async function checkMail(): Promise<readonly Finding[]> {
  try {
    await reachMailServer();
    return [];
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EAUTH')
      return [wrong('SMTP_URL: the mail server refuses login and password: correct them, percent-encoded')];
    return [wrong(`SMTP_URL: the mail server cannot be used (${code}): correct host, port and smtp: or smtps:`)];
  }
}

/** Whether the place that counts tries answers. */
export async function checkLimits(): Promise<readonly Finding[]> {
  const away = await limitStoreAway(0);
  if (away === null) return [];
  const variable = away === 'upstash' ? 'UPSTASH_REDIS_REST_URL' : 'REDIS_URL';
  return [
    doubtful(
      `${variable}: the store does not answer within 150 ms, so PostgreSQL counts: correct it, or move it nearer`,
    ),
  ];
}

/** Whether the clock starts what it is to start. */
export async function checkSchedule(): Promise<readonly Finding[]> {
  if (!env().CRON_SECRET)
    return [wrong('CRON_SECRET is missing: without it no clock is let in: openssl rand -base64 48')];
  const starts = await command(({ tx }) =>
    tx.jobRun.groupBy({ by: ['job'], _min: { startedAt: true }, _max: { startedAt: true } }),
  );
  const at = now();
  const since = starts.map(({ _min }) => _min.startedAt ?? at).reduce((one, other) => (one < other ? one : other), at);
  const last = new Map(starts.map(({ job, _max }) => [job, _max.startedAt]));
  const late = servedClockJobs.filter((job) => isLate(job, last.get(job) ?? null, since, at));
  if (starts.length === 0)
    return [doubtful('The clock has not started anything yet: see "The clock" in docs/deploy.md')];
  if (late.length === 0) return [];
  return [
    doubtful(`The clock has not started ${late.join(', ')} when it should have: see "The clock" in docs/deploy.md`),
  ];
}
