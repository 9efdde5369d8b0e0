/** Work that need not be done again while what it is made from is the same. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dataFolder } from './dev-env';

/**
 * Does `work` unless it was done before with the same `inputs`, files or folders, and its `output` is still there.
 * Returns whether it was done.
 */
export async function unlessUnchanged(
  { name, inputs, output }: { name: string; inputs: readonly string[]; output: string },
  work: () => Promise<void>,
): Promise<boolean> {
  const note = path.join(dataFolder, 'done', name);
  const now = fingerprint(inputs);
  if (existsSync(output) && existsSync(note) && readFileSync(note, 'utf8') === now) return false;
  rmSync(note, { force: true });
  await work();
  mkdirSync(path.dirname(note), { recursive: true });
  writeFileSync(note, now);
  return true;
}

/** A hash over the names and contents of files and folders; what does not exist counts as such. */
export function fingerprint(inputs: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of inputs.flatMap(filesOf).toSorted()) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesOf(input: string): string[] {
  if (!existsSync(input)) return [];
  if (!statSync(input).isDirectory()) return [input];
  const entries = readdirSync(input, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
