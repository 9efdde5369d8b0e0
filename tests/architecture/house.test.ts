import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

/** Violations of each rule: a file to plant in a copy of the house, what stands in it, and the rule that must see it. */
const planted: readonly (readonly [rule: string, file: string, source: string])[] = [
  // The closed world: from each layer to one that it may not know.
  ['not-in-allowed', 'lib/rules/a.ts', `import '@/lib/platform/env';`],
  ['not-in-allowed', 'lib/rules/b.ts', `import { z } from 'zod'; export const a = z.string();`],
  ['not-in-allowed', 'lib/rules/c.ts', `import { readFileSync } from 'node:fs'; export const a = readFileSync;`],
  ['not-in-allowed', 'lib/platform/a.ts', `import '@/lib/accounts/sign-in/sign-in';`],
  ['not-in-allowed', 'lib/platform/b.ts', `import '@/lib/doors/page';`],
  ['not-in-allowed', 'lib/accounts/a.ts', `import '@/lib/doors/page';`],
  ['not-in-allowed', 'lib/accounts/b.ts', `import { headers } from 'next/headers'; export const a = headers;`],
  ['not-in-allowed', 'lib/doors/a.ts', `import '@/app/_ui/button';`],
  ['not-in-allowed', 'lib/elsewhere/a.ts', `import '@/lib/rules/minutes';`],
  ['not-in-allowed', 'app/a.ts', `import '@/lib/platform/env';`],
  ['not-in-allowed', 'app/b.ts', `import { Client } from 'pg'; export const a = Client;`],
  ['not-in-allowed', 'simulator/a.ts', `import '@/lib/platform/env';`],
  ['not-in-allowed', 'scripts/a.ts', `import '@/tests/support/quiet';`],
  ['nobody-imports-these', 'lib/calls/a.ts', `import '@/simulator/client';`],
  ['nobody-imports-these', 'lib/calls/b.ts', `export const a = () => import('@/tests/support/quiet');`],
  ['nobody-imports-these', 'app/d.ts', `import '@/scripts/support/dev-env';`],
  ['no-cycles', 'lib/rules/d.ts', `import { e } from './e'; export const d = () => e;`],
  ['no-unresolved', 'lib/rules/f.ts', `import './nothing-is-here';`],
  ['no-unresolved', 'bench/a.ts', `import 'nowhere-to-be-found';`],
  ['only-doors-enter', 'lib/calls/c.ts', `import '@/lib/platform/db';`],
  ['only-doors-enter', 'app/dashboard/a.ts', `import '@/lib/platform/enter';`],
  ['the-interface-touches-no-data', 'app/_ui/a.ts', `import '@/lib/doors/page';`],
  ['the-interface-touches-no-data', 'app/_ui/b.ts', `import '@/lib/accounts/sign-in/sign-in';`],
  ['no-development-packages', 'lib/platform/c.ts', `import fc from 'fast-check'; export const a = fc;`],
  ['only-declared-packages', 'lib/platform/d.ts', `import { parse } from 'postgres-array'; export const a = parse;`],

  // What stands in a file.
  ['exports-come-from-a-door', 'app/api/a/route.ts', `export async function GET() { return new Response(); }`],
  ['exports-come-from-a-door', 'app/api/b/route.ts', `export const POST = async () => new Response();`],
  ['exports-come-from-a-door', 'app/api/c/route.ts', `const GET = () => new Response(); export { GET };`],
  ['exports-come-from-a-door', 'app/api/d/route.ts', `export * from './handlers';`],
  ['exports-come-from-a-door', 'app/api/e/route.ts', `import { page } from './page'; export const GET = page({});`],
  ['exports-come-from-a-door', 'app/f/actions.ts', `'use server'; export async function erase() {}`],
  ['exports-come-from-a-door', 'app/dashboard/g/page.tsx', `export default function Page() { return <p>Hello</p>; }`],
  ['server-actions-in-actions', 'app/g/actions.ts', `export const a = 1;`],
  ['server-actions-in-actions', 'app/h/save.ts', `'use server'; export async function save() {}`],
  [
    'server-actions-in-actions',
    'app/i/form.tsx',
    `export const F = () => <form action={async () => { 'use server'; }} />;`,
  ],
  ['no-hidden-imports', 'app/c.ts', `export type { Env } from '@/lib/platform/env';`],
  ['client-code-in-ui', 'app/j/part.tsx', `'use client'; export const Part = () => <p>Hello</p>;`],
  ['rules-are-pure', 'lib/rules/g.ts', `export const today = () => new Date();`],
  ['rules-are-pure', 'lib/rules/h.ts', `export const today = () => Date.now();`],
  ['rules-are-pure', 'lib/rules/i.ts', `export const dice = () => Math.random();`],
  ['rules-are-pure', 'lib/rules/j.ts', `export const zone = process.env.TZ;`],
  ['rules-are-pure', 'lib/rules/k.ts', `export const ask = (url: string) => fetch(url);`],
  [
    'only-platform-loads-the-client',
    'lib/calls/l.ts',
    `import { Prisma } from '@/lib/generated/prisma/client'; export const a = Prisma;`,
  ],
];

/** Things that look like violations and are none. */
const innocent: readonly (readonly [file: string, source: string])[] = [
  ['lib/rules/e.ts', `import { d } from './d'; export const e = () => d;`], // the other half of the cycle
  [
    'app/api/y/route.ts',
    `import { cron } from '@/lib/doors/cron'; export const runtime = 'nodejs'; export const GET = cron({});`,
  ],
  ['app/api/z/route.ts', `import { cron } from '@/lib/doors/cron'; const GET = cron({}); export { GET };`],
  ['app/api/health/route.ts', `export const GET = () => new Response();`],
  ['app/_ui/z.tsx', `'use client'; export const Part = () => <p>Hello</p>;`],
  ['lib/rules/z.ts', `export const moment = (iso: string) => new Date(iso);`],
];

const files = [...planted.map(([, file, source]) => [file, source] as const), ...innocent];
const folder = mkdtempSync(path.join(tmpdir(), 'house-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the check in a copy of the house that has these files in it too. */
function check(name: string, parts: readonly string[], more: typeof files) {
  const root = path.join(folder, name);
  for (const part of parts) cpSync(part, path.join(root, part), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'));
  for (const [file, source] of more) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), source);
  }
  const program = path.resolve('scripts/architecture.ts');
  return spawnSync(process.execPath, ['--import', 'tsx', program], { cwd: root, encoding: 'utf8' });
}

const tools = ['package.json', 'tsconfig.json'];
const { status, stdout, stderr } = check(
  'whole',
  [...tools, 'app', 'lib', 'scripts', 'simulator', 'tests', 'prisma'],
  files,
);
const complaints = stderr.split('\n');

test('a house with a fault in it is refused', () => {
  expect(stdout).toMatch(/^\d{3,} files read, \d+ violations\n$/);
  expect(status).toBe(1);
});

test.each(planted)('%s is seen in %s', (rule, file) => {
  expect(complaints).toContainEqual(expect.stringContaining(`${rule}: ${file}: `));
});

test.each(innocent)('%s is left alone', (file) => {
  expect(complaints.filter((complaint) => complaint.includes(`: ${file}: `))).toEqual([]);
});

test('a check that reads nothing is a failure', () => {
  const empty = check('empty', tools, []);
  expect(empty.stderr).toContain('Only 0 of 0 files were read');
  expect(empty.status).toBe(1);
});
