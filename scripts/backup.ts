/** Backups from a shell: `npm run backup`. The clock makes them; here they are looked at, restored and tried. */
import { checkFile, faultAtSight } from '@/lib/backup/check-file';
import { drillBackup } from '@/lib/backup/drill-backup';
import { withBackup } from '@/lib/backup/fetch-backup';
import { type Found, type FoundBackup, findBackups, isBackup } from '@/lib/backup/find-backups';
import { finishRestore } from '@/lib/backup/finish-restore';
import { rowsOf } from '@/lib/backup/manifest';
import { checkContent } from '@/lib/backup/read-backup';
import { findMissing, isTheSame, readRecordings } from '@/lib/backup/recordings';
import { restoreBackup } from '@/lib/backup/restore-backup';
import { command } from '@/lib/doors/command';
import { newId } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import { storage } from '@/lib/platform/storage';
import { momentOf } from '@/lib/rules/backups';
import { NotUnderstood, runCommand } from './support/command';
import { seconds } from './support/step';

const help = `npm run backup -- <what> [name]

  list              the backups in the store, the newest first
  verify [name]     read a backup to its end and look for the recordings it lists; without BACKUP_AGE_IDENTITY only
                    whether the file is the one that was written
      --recordings  read every recording too, and compare it
  restore [name]    check a backup, restore it into the database of DIRECT_URL, which must be empty, and finish
      --force       delete what is in that database first
  finish            what a restored database lacks before it may serve: replay the ledger of erasures, delete what is
                    past its time. restore does it; after a restore by hand, you do
  drill [name]      restore a backup into a throwaway database beside that of DIRECT_URL, compare everything, open what
                    is sealed, write down how long it took, and throw it away

Without a name, the newest. To make one: npm run job -- backup. How to get a lost server back: docs/restore.md

BACKUP_AGE_IDENTITY is the private key that opens backups: set it where you restore, and nowhere else. Everything else
is the environment's, or, where DATABASE_URL is not set, that of npm run dev and npm run demo.
Exit codes: 0 done, 1 failed or something is wrong, 2 not understood.
`;

type Options = { readonly name: string | null; readonly force: boolean; readonly recordings: boolean };

const commands: Readonly<Record<string, (options: Options) => Promise<number>>> = {
  list,
  verify,
  restore,
  finish,
  drill,
};

async function list(): Promise<number> {
  const found = await findBackups();
  if (found.length === 0) console.log('There is no backup in the store. Make one: npm run job -- backup');
  for (const backup of found) console.log(lineOf(backup));
  return found.some((backup) => backup.manifest !== 'none' && faultAtSight(backup) !== null) ? 1 : 0;
}

function lineOf(found: Found): string {
  const made = momentOf(found.name).toISOString().slice(0, 16).replace('T', ' ');
  const start = `${found.name}  ${made} UTC  `;
  if (found.manifest === 'none') return `${start}never finished`;
  const fault = faultAtSight(found);
  if (fault !== null || !isBackup(found)) return `${start}${faults[fault ?? 'not_ours']}`;
  const { bytes, compression } = found.manifest;
  return `${start}${size(bytes).padStart(9)}  ${count(rowsOf(found.manifest)).padStart(11)} rows  ${compression}`;
}

const faults = {
  missing: 'a part of it is missing',
  changed: 'not the file that was written',
  not_ours: 'its manifest was not written by us: restore nothing of it',
} as const;

async function verify({ name, recordings }: Options): Promise<number> {
  const identities = env().BACKUP_AGE_IDENTITY;
  const store = storage('backups');
  const found = await findBackups(store);
  const chosen =
    name === null ? found.find(({ manifest }) => manifest !== 'none') : found.find((one) => one.name === name);
  if (!chosen) throw new Refusal(name === null ? 'There is no backup in the store.' : `There is no backup ${name}.`);
  let wrong = 0;
  if (identities) {
    await withBackup(chosen.name, ({ manifest, read }) =>
      checkContent(read(), manifest, identities, step(`Checking ${chosen.name}`)),
    );
  } else {
    const fault = await checkFile(store, chosen);
    if (fault !== null) {
      console.error(`${chosen.name}: ${faults[fault]}.`);
      wrong += 1;
    }
  }
  if (isBackup(chosen)) wrong += await verifyRecordings(chosen, recordings);
  if (wrong > 0) return 1;
  console.log(
    identities
      ? `${chosen.name} is whole: every row of every table is as it was.`
      : `${chosen.name} is the file that was written. Whether it opens, only BACKUP_AGE_IDENTITY can tell.`,
  );
  return 0;
}

/** How many of the recordings that a backup lists are missing, or are not the ones that it lists. */
async function verifyRecordings({ manifest }: FoundBackup, isThorough: boolean): Promise<number> {
  const told = step(`Looking for ${count(manifest.recordings.count)} recordings`);
  const store = storage('backups');
  const wrong = new Set<string>();
  for await (const { key } of findMissing(readRecordings(store, manifest))) wrong.add(key);
  for (const key of wrong) console.error(`  missing: ${key}`);
  if (wrong.size > 0) {
    console.error(
      'Retention and erasures delete recordings after a backup was made: the older it is, the more are missing.',
    );
  }
  if (!isThorough) return wrong.size;
  let read = 0;
  for await (const recording of readRecordings(store, manifest)) {
    if (wrong.has(recording.key)) continue;
    read += 1;
    if (await isTheSame(recording).catch(() => false)) continue;
    wrong.add(recording.key);
    console.error(`  not as it was: ${recording.key}`);
  }
  told('recordings read', read);
  return wrong.size;
}

async function restore({ name, force }: Options): Promise<number> {
  const restored = await restoreBackup({ name, url: owner(), identities: identities(), isForced: force, step });
  const hours = ((Date.now() - restored.madeAt.getTime()) / 3_600_000).toFixed(1);
  console.error(`Restored ${count(restored.rows)} rows in ${seconds(restored.seconds * 1000)}, every table compared.`);
  await finish();
  console.log(`Ready: ${restored.name}, made ${hours} hours ago. What happened since then is not in it.`);
  return 0;
}

async function finish(): Promise<number> {
  step('Replaying what was erased since, and deleting what is past its time');
  const signal = new AbortController().signal;
  const { replayed, lostSeals, retained } = await finishRestore({
    id: newId(),
    isDryRun: false,
    signal,
    asSystem: command,
  });
  console.error(`  replayed from the ledger: ${inWords(replayed)}`);
  console.error(`  deleted as past its time: ${inWords(retained)}`);
  if (lostSeals > 0)
    console.error(`  ${count(lostSeals)} sealed parts of the trail were lost with what happened since`);
  return 0;
}

async function drill({ name }: Options): Promise<number> {
  const found = await drillBackup({ name, url: owner(), identities: identities(), step });
  console.log(
    `${found.backup} was restored in ${seconds(found.seconds * 1000)}: ${count(found.rows)} rows compared, ${count(found.opened)} sealed values opened, ${count(found.sealed)} entries of the trail under seals that hold.`,
  );
  return 0;
}

function owner(): string {
  const { DIRECT_URL } = env();
  if (!DIRECT_URL) throw new Refusal("DIRECT_URL is missing: set it to the address with the owner's login.");
  return DIRECT_URL;
}

function identities(): readonly string[] {
  const { BACKUP_AGE_IDENTITY } = env();
  if (!BACKUP_AGE_IDENTITY) {
    throw new Refusal('BACKUP_AGE_IDENTITY is missing: set it to the private key of one of BACKUP_AGE_RECIPIENTS.');
  }
  return BACKUP_AGE_IDENTITY;
}

function step(title: string) {
  console.error(`${title} …`);
  return (table: string, rows: number) => console.error(`  ${table.padEnd(24)}${count(rows).padStart(12)}`);
}

const inWords = (counts: Readonly<Record<string, number | undefined>>) =>
  Object.entries(counts)
    .filter(([, n]) => n !== undefined && n > 0)
    .map(([what, n]) => `${what} ${n}`)
    .join(', ') || 'nothing';
const count = (n: number) => n.toLocaleString('en');
const size = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;

await runCommand({
  help,
  options: { force: { type: 'boolean', default: false }, recordings: { type: 'boolean', default: false } },
  failure: 'It failed',
  run: async ({ values, words }) => {
    const [verb = '', name = null, ...others] = words;
    const run = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
    if (!run || others.length > 0) throw new NotUnderstood(words, 'What to do?');
    env();
    return run({ name, ...values });
  },
});
