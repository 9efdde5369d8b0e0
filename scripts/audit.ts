/** Whether the trail is what was sealed: `npm run audit -- verify`. */
import { type VerifiedTrail, verifyTrail } from '@/lib/audit/verify-trail';
import { command } from '@/lib/doors/command';
import { env } from '@/lib/platform/env';
import { publicKeys } from '@/lib/platform/signing';
import { storage } from '@/lib/platform/storage';
import { faultInWords } from '@/lib/rules/audit-seal';
import { NotUnderstood, runCommand } from './support/command';

const help = `npm run audit -- verify
npm run audit -- public-key

verify      Checks every entry of the trail against its seal, every seal against its signature and the one before it, and
            the database against the store. Says how much is intact, or names the first entry or segment that was changed,
            removed or inserted. Changes nothing, and may run while the application does.
public-key  Prints the public halves of AUDIT_SIGNING_KEY. A machine whose AUDIT_SIGNING_KEY is these verifies, and cannot
            seal.

Options:
  --without-store   look at the database alone, such as one that was restored beside a store that has gone on

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.

It ends with 0 where all is intact, 1 where something is not, 2 where it was not understood, and 3 where it could not look.
`;

let shown = 0;
/** On a terminal or not, a line at most every two seconds. */
function showProgress(looked: number, of: number): void {
  if (performance.now() < shown + 2_000) return;
  shown = performance.now();
  console.error(`  ${count(looked)} of ${count(of)} entries …`);
}

const count = (number: number) => number.toLocaleString('en-GB');

function inWords({ entries, segments, blanked, emptied, lost, unsealed, unstored, fault }: VerifiedTrail): string {
  if (fault) {
    return `${faultInWords(fault)}\nThis is the first that is not as it was sealed. Intact before it: ${count(entries)} entries in ${count(segments)} segments.`;
  }
  const also = [
    [blanked, 'entries have had their personal part blanked by an erasure'],
    [emptied, 'segments are past their time: their entries are gone, their seals are intact'],
    [lost, 'segments have lost their entries: a restore did not bring them back'],
    [unsealed, 'entries wait to be sealed'],
    [unstored, 'segments wait to be brought to the store'],
  ] as const;
  return [
    `Intact: ${count(entries)} entries in ${count(segments)} segments.`,
    ...also.flatMap(([number, what]) => (number > 0 ? [`${count(number)} ${what}.`] : [])),
  ].join('\n');
}

await runCommand({
  help,
  options: { 'without-store': { type: 'boolean', default: false } },
  failure: 'The trail could not be verified',
  failureCode: 3,
  run: async ({ values, words }) => {
    const [verb, ...others] = words;
    if ((verb !== 'verify' && verb !== 'public-key') || others.length > 0)
      throw new NotUnderstood(words, 'What to do?');
    env();
    if (verb === 'public-key') {
      console.log(publicKeys().join(','));
      return 0;
    }
    const verified = await verifyTrail(command, values['without-store'] ? null : storage('backups'), showProgress);
    console.log(inWords(verified));
    return verified.fault === null ? 0 : 1;
  },
});
