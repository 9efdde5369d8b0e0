/** Which test shows which requirement: docs/controls.json holds the requirements, the tests' titles their ids. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Control = {
  /** Of OWASP ASVS 5.0. */
  readonly id: string;
  readonly group: string;
  /** In our own words. */
  readonly requirement: string;
  /** Files and folders that keep it. */
  readonly where: readonly string[];
  /** How and why we do otherwise. */
  readonly departs?: string;
  /** Why it cannot be shown yet. */
  readonly open?: string;
};
type Shown = { readonly file: string; readonly title: string };

export const readControls = (): readonly Control[] => JSON.parse(readFileSync('docs/controls.json', 'utf8'));

/** `V6.5.1 V15.4.2 a code works once`, in whatever quotes a title may stand. */
const titled = /(['"`])((?:V\d{1,2}\.\d{1,2}\.\d{1,2} )+)((?:\\.|(?!\1)[^\\\n])+)\1/g;
/** What a title goes on from: the group that it stands in. */
const grouped = /^( *)(?:test\.)?describe\((['"`])((?:\\.|(?!\2)[^\\\n])+)\2/gm;

/** The tests that name a requirement, by its id, in the order of their files. */
export function findTests(folder = 'tests'): ReadonlyMap<string, readonly Shown[]> {
  const found = new Map<string, Shown[]>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  for (const file of files.toSorted()) {
    const source = readFileSync(path.join(folder, file), 'utf8');
    const groups = [...source.matchAll(grouped)].map(({ index, 1: indent = '', 3: text = '' }) => ({
      from: index,
      to: source.indexOf(`\n${indent}});`, index),
      text: text.replace(/^(?:V[\d.]+ )+/, ''),
    }));
    for (const { index, 2: ids = '', 3: text = '' } of source.matchAll(titled)) {
      const outer = groups.filter(({ from, to }) => from < index && index < to).map((group) => group.text);
      const title = [...outer, text]
        .map((part) =>
          part
            .replaceAll(/\\(.)/g, '$1')
            .replaceAll(/%[sdj]|\$\w+|\$\{[^}]*\}/g, '…')
            .trim(),
        )
        .join(' ');
      for (const id of ids.trim().split(' ')) {
        found.set(id, [...(found.get(id) ?? []), { file: path.posix.join(folder, file), title }]);
      }
    }
  }
  return found;
}

/** Requirements without a test that are not said to be open. */
export const missing = (controls: readonly Control[], tests: ReturnType<typeof findTests>): readonly string[] =>
  controls.filter(({ id, open }) => !open && !tests.has(id)).map(({ id, requirement }) => `${id} ${requirement}`);

/** docs/controls.md, whole. */
export function printControls(controls: readonly Control[], tests: ReturnType<typeof findTests>): string {
  const lines = [
    '# What we promise, and which test shows it',
    '',
    'Eighty requirements of OWASP ASVS 5.0 and three beyond them, in our own words, where each is kept, and the tests that would fail without it. Written by `npm run controls` from `controls.json` and the titles of the tests, which begin with the ids of what they show.',
  ];
  for (const group of new Set(controls.map((control) => control.group))) {
    lines.push('', `## ${group}`, '', '| | requirement | kept in | shown by |', '|---|---|---|---|');
    for (const control of controls.filter((one) => one.group === group))
      lines.push(row(control, tests.get(control.id) ?? []));
  }
  return `${lines.join('\n')}\n`;
}

function row({ id, requirement, where, departs, open }: Control, shown: readonly Shown[]): string {
  const said = [requirement, ...(departs ? [`**Otherwise here:** ${departs}`] : [])].join('. ');
  const tests = [...new Set(shown.map(({ file }) => file))].map((file) => {
    const titles = shown.filter((one) => one.file === file).map(({ title }) => cell(title));
    return `\`${file}\`: ${[...new Set(titles)].join('; ')}`;
  });
  const proof = open ? `**Open:** ${open}` : tests.length > 0 ? tests.join('<br>') : '**No test**';
  return `| ${id} | ${cell(said)} | ${where.map((file) => `\`${file}\``).join('<br>')} | ${proof} |`;
}

/** Text inside a table. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('${', '$\\{');
