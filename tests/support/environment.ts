/** A whole environment for the code under test, of values that open nothing. `testDatabase()` adds the database. */
const values = {
  DATABASE_URL: 'postgresql://app:none@127.0.0.1:1/none',
  SECRET_KEY: 'a secret key that is known to everybody',
  ENCRYPTION_KEY: 'dGhlIGtleSBvZiB0aGUgdGVzdHMsIG5vdCBzZWNyZXQ=',
  APP_URL: 'http://127.0.0.1:3000',
  CRON_SECRET: 'a cron secret that is known to everybody',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: '00000000000000000000000000000000',
  TWILIO_API_BASE_URL: 'http://127.0.0.1:1',
  STORAGE_AGE_IDENTITIES: 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX',
  AUDIT_SIGNING_KEY: 'MC4CAQAwBQYDK2VwBCIEIP5EfIBekdReQ6WeAR66gr8aSp8PvzVtNwj1xSMGIgth',
  BACKUP_AGE_RECIPIENTS: 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj',
};

const absent = [
  'BACKUP_AGE_IDENTITY',
  'DIRECT_URL',
  'OLD_ENCRYPTION_KEY',
  'SMTP_URL',
  'MAIL_FROM',
  'ALERT_EMAIL',
  'ALERT_WEBHOOK_URL',
  'ALLOWED_ORIGINS',
  'SECURITY_CONTACT',
  'SESSION_TIMEOUT',
  'TRUSTED_PROXY_HOPS',
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'REDIS_URL',
  'RECORDINGS_S3_BUCKET',
  'BACKUP_S3_BUCKET',
  'S3_ENDPOINT',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
];
for (const name of absent) delete process.env[name];
Object.assign(process.env, values);
