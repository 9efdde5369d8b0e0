/**
 * The environment of a machine that has none: every secret that the product needs, made up once and kept in
 * `.data/dev.env`, readable by its owner alone. What the shell sets goes before what the file says.
 */
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';

/** Where the demo, development and everything beside them keep what they make. */
export const dataFolder = '.data';

const file = path.join(dataFolder, 'dev.env');

type Variables = Readonly<Record<string, string>>;

/**
 * Puts the environment of this checkout into this process, and with it into every child: the file's secrets, and
 * `changes` for this start (addresses and ports), which go into the file too, so that another terminal finds them.
 */
export async function adoptDevEnv(changes: Variables = {}): Promise<void> {
  const values = { ...(await madeUp()), ...readDevEnv(), ...changes };
  write(values);
  for (const [name, value] of Object.entries(values)) process.env[name] ||= value;
}

/** A set of secrets, each in the form that `lib/platform/env.ts` asks for. */
export async function madeUp(): Promise<Variables> {
  const backups = await generateX25519Identity();
  return {
    SECRET_KEY: randomBytes(32).toString('base64url'),
    ENCRYPTION_KEY: randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    CRON_SECRET: randomBytes(32).toString('base64url'),
    STORAGE_AGE_IDENTITIES: await generateX25519Identity(),
    AUDIT_SIGNING_KEY: generateKeyPairSync('ed25519')
      .privateKey.export({ format: 'der', type: 'pkcs8' })
      .toString('base64'),
    BACKUP_AGE_RECIPIENTS: await identityToRecipient(backups),
    // Beside the public one, here alone: a demo tries its backups itself.
    BACKUP_AGE_IDENTITY: backups,
    TWILIO_ACCOUNT_SID: `AC${randomBytes(16).toString('hex')}`,
    TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
    MAIL_FROM: 'phone@aftercallpro.test',
    ALERT_EMAIL: 'alerts@aftercallpro.test',
    DEMO_PASSWORD: easyToType(),
  };
}

/** Twenty letters that nobody takes for one another, in fives: 90 bits. */
function easyToType(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz';
  const five = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return [five(), five(), five(), five()].join('-');
}

/** For a command: where the shell names no database, the environment is that of this checkout's demo. */
export function standInDevEnv(): void {
  if (process.env.DATABASE_URL) return;
  for (const [name, value] of Object.entries(readDevEnv())) process.env[name] ||= value;
}

/** What the file says; nothing when there is none yet. */
export function readDevEnv(): Variables {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z0-9_]+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Whole or not at all: half a file would lose the keys to everything that was sealed with them. */
function write(values: Variables) {
  mkdirSync(dataFolder, { recursive: true });
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}
