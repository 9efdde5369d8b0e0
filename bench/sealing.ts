/**
 * What it takes to seal and to open a value, as the product does it (a row, with its place authenticated), beside Fernet
 * written with node:crypto, and @47ng/cloak with its key read beforehand. In turns, so that whatever else the machine does
 * meets all three alike.
 */
import '@/tests/support/environment';
import { availableParallelism, cpus } from 'node:os';
import { decryptStringSync, encryptStringSync, generateKey, parseKeySync } from '@47ng/cloak';
import { newId } from '@/lib/platform/clock';
import { openFernet } from '@/lib/platform/fernet';
import { newEntry, secretOf } from '@/lib/platform/keys';
import { open, seal } from '@/lib/platform/sealing';
import { sealFernet } from '@/tests/support/old-system';
import { middle } from './figures';

const number = '+14155550123';
const transcript = 'Hello, this is Ana Silva. My tooth hurts since this morning. '.repeat(68).slice(0, 4096);

const home = { businessId: newId(), id: newId() };
const fernetSecret = secretOf(newEntry());
const cloakKey = parseKeySync(generateKey());

type Way = { readonly seal: (text: string) => unknown; readonly open: (sealed: never) => string };
const ways = {
  ours: {
    seal: (wanted) => seal('Call', { ...home, wanted }),
    open: (row: { id: string; businessId: string; wanted: Uint8Array<ArrayBuffer> }) => open('Call', row).wanted,
  },
  fernet: {
    seal: (text) => sealFernet(text, fernetSecret),
    open: (token: string) => openFernet(token, [fernetSecret]),
  },
  cloak: {
    seal: (text) => encryptStringSync(text, cloakKey),
    open: (sealed: string) => decryptStringSync(sealed, cloakKey),
  },
} as const satisfies Record<string, Way>;

const rounds = 200;
const each = 200;
const aim = 50;

/** Microseconds for one, in the middle of all rounds. */
function measure(work: Readonly<Record<string, () => unknown>>): Readonly<Record<string, number>> {
  const contestants = Object.entries(work).map(([name, run]) => ({ name, run, taken: [] as number[] }));
  for (let round = -20; round < rounds; round += 1) {
    for (const { run, taken } of contestants) {
      const since = performance.now();
      for (let n = 0; n < each; n += 1) run();
      if (round >= 0) taken.push(((performance.now() - since) * 1000) / each);
    }
  }
  return Object.fromEntries(contestants.map(({ name, taken }) => [name, middle(taken)]));
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}\n`);
console.log(
  `${'µs'.padEnd(28)}${Object.keys(ways)
    .map((name) => name.padStart(10))
    .join('')}`,
);
let missed = 0;
for (const [what, text] of Object.entries({ 'a number of 12 bytes': number, 'a transcript of 4 KB': transcript })) {
  const works = {
    seal: Object.entries<Way>(ways).map(([name, way]) => [name, () => way.seal(text)] as const),
    open: Object.entries<Way>(ways).map(([name, way]) => {
      const sealed = way.seal(text) as never;
      if (way.open(sealed) !== text) throw new Error(`${name} does not open what it sealed`);
      return [name, () => way.open(sealed)] as const;
    }),
  };
  for (const [verb, work] of Object.entries(works)) {
    const took = measure(Object.fromEntries(work));
    const { ours = 0, ...others } = took;
    const isMet = ours < aim && Object.values(others).every((other) => ours < other);
    if (!isMet) missed += 1;
    const cells = Object.values(took).map((time) => time.toFixed(1).padStart(10));
    console.log(`${`${verb} ${what}`.padEnd(28)}${cells.join('')}${isMet ? '' : '   MISSED'}`);
  }
}
console.log(`\nAim: under ${aim} µs, and faster than both.`);
if (missed > 0) process.exitCode = 1;
