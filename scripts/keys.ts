/** The keys that seal: `npm run keys -- generate|rotate`. */
import { command } from '@/lib/doors/command';
import { countClosedByOldKey, countKeyUse, type KeyUse } from '@/lib/keys/count-key-use';
import { rotateKeys, type Unopened } from '@/lib/keys/rotate-keys';
import { sealedModels, tableOf } from '@/lib/keys/sealed-tables';
import { env } from '@/lib/platform/env';
import { keyFrom, keyRing, newEntry } from '@/lib/platform/keys';
import { NotUnderstood, runCommand } from './support/command';

const help = `npm run keys -- generate
  Prints a new key for ENCRYPTION_KEY, fit to take turns with the oldest one there. Nothing keeps it but you.

npm run keys -- rotate [--dry-run]
  Counts the sealed values by key; then seals what other keys sealed anew with the first one, and fills the look-ups of
  e-mails and numbers for it. The application goes on meanwhile. It may be stopped, killed and run again: what is done is
  known by the key's id in it. At the end it says which keys no row uses any more. With --dry-run it only counts.

To change the key:
  1. npm run keys -- generate
  2. Put it behind the first one: ENCRYPTION_KEY=old,new. Restart every process: now all of them can open what it seals.
     Where there is one process alone, skip this.
  3. Put it in front: ENCRYPTION_KEY=new,old. Restart: new values are sealed with it. The oldest stands last.
  4. npm run keys -- rotate
  5. Once it says so: ENCRYPTION_KEY=new. Restart. Keep the old one for as long as there are backups from before: they
     open with no other.

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.
`;

const desk = { asSystem: command };

/** Works without a whole environment: it is how the first key is made. */
function generate(): number {
  const oldest = process.env.ENCRYPTION_KEY?.split(',').at(-1)?.trim();
  const side = oldest ? (keyFrom(oldest).side === 'a' ? 'b' : 'a') : undefined;
  const entry = newEntry(side);
  console.error(`Key ${keyFrom(entry).name}. It is not shown again:`);
  console.log(entry);
  return 0;
}

async function rotate(isDryRun: boolean): Promise<number> {
  env();
  const { first, all } = keyRing();
  console.error(`ENCRYPTION_KEY seals with ${first.name}, and opens with ${all.map(({ name }) => name).join(', ')}.`);
  const before = await countKeyUse(desk, progress('looked at'));
  print(before);
  if (isDryRun) return 0;
  const { rows, unopened } = await rotateKeys(desk, progress('sealed anew'));
  const after = rows > 0 ? await countKeyUse(desk, progress('checked')) : before;
  if (rows > 0) print(after);
  for (const row of unopened.slice(0, 20))
    console.error(`Not opened, left as it is: ${row.table} ${row.id}: ${row.why}`);
  return tell(after, unopened, await countClosedByOldKey(desk));
}

/** Says what to do now. */
function tell(use: KeyUse, unopened: readonly Unopened[], closedByOldKey: number): number {
  const { first, all } = keyRing();
  const others = all.filter((key) => key !== first);
  const left = [...use.keys()].filter((name) => name !== first.name);
  if (unopened.length > 0 || left.length > 0) {
    const missing = left.filter((name) => !all.some((key) => key.name === name));
    if (missing.length > 0)
      console.error(`Not in ENCRYPTION_KEY: ${missing.join(', ')}. Put it back, behind the first.`);
    console.error(`Still in use: ${left.join(', ')}. Take nothing out of ENCRYPTION_KEY. A process that runs without`);
    console.error('the new key in front writes with the old one: restart it, and run this again.');
    return 1;
  }
  if (others.length === 0) {
    console.log('There is one key, and it sealed everything.');
    return 0;
  }
  if (closedByOldKey > 0) {
    console.error(`Addresses without an account that are closed after failures, by the old key: ${closedByOldKey}.`);
    console.error('They open within half an hour. Until then take nothing out of ENCRYPTION_KEY; then run this again.');
    return 1;
  }
  console.log(`No row uses ${others.map(({ name }) => name).join(', ')} any more: it can go from ENCRYPTION_KEY.`);
  console.log('Keep it for as long as there are backups from before this moment.');
  return 0;
}

/** A line that changes, where somebody looks at it; otherwise a line every few seconds. */
function progress(what: string) {
  let saidAt = performance.now();
  return (table: string, rows: number) => {
    const text = `${table}: ${rows.toLocaleString('en-GB')} ${what}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
    else if (performance.now() - saidAt > 5_000) {
      saidAt = performance.now();
      console.error(text);
    }
  };
}

/** Sealed values by table and key. */
function print(use: KeyUse): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const names = new Set([...keyRing().all.map(({ name }) => name), ...use.keys()]);
  const known = new Set(keyRing().all.map(({ name }) => name));
  const row = (title: string, cells: readonly string[]) =>
    console.log(`${title.padEnd(18)}${cells.map((cell) => cell.padStart(14)).join('')}`);
  row(
    'sealed values',
    [...names].map((name) => (known.has(name) ? name : `${name} (!)`)),
  );
  for (const model of sealedModels) {
    const table = tableOf(model);
    row(
      table,
      [...names].map((name) => (use.get(name)?.get(table) ?? 0).toLocaleString('en-GB')),
    );
  }
}

await runCommand({
  help,
  options: { 'dry-run': { type: 'boolean', default: false } },
  failure: 'The keys were not changed',
  run: async ({ values, words }) => {
    const [verb, ...others] = words;
    if ((verb !== 'generate' && verb !== 'rotate') || others.length > 0) throw new NotUnderstood(words, 'What to do?');
    return verb === 'generate' ? generate() : rotate(values['dry-run']);
  },
});
