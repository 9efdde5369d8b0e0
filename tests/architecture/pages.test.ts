import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ path: `app/${name}`, text: readFileSync(join(root, 'app', name), 'utf8') }));

/** Next accepts an error page only when it says so itself. */
const errorPages = ['app/error.tsx', 'app/global-error.tsx'];

test('there are pages to look at', () => {
  expect(sources.length).toBeGreaterThan(20);
});

test('no inline style, which the content security policy refuses', () => {
  expect(sources.filter(({ text }) => /\sstyle=/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('what runs in the browser stands in app/_ui', () => {
  const inBrowser = sources.filter(({ text }) => /^['"]use client['"]/m.test(text)).map(({ path }) => path);
  expect(inBrowser.filter((path) => !path.startsWith('app/_ui/')).sort()).toEqual(errorPages);
});

test('nothing is fetched ahead of a click: opening a page is an entry in the trail that somebody must have made', () => {
  const links = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/<(?:Link|Form)\b(?:[^>]|=>)*>/g)].map(([tag]) => ({ path, tag })),
  );
  expect(links.length).toBeGreaterThan(7);
  expect(links.filter(({ tag }) => !tag.includes('prefetch={false}')).map(({ path }) => path)).toEqual([]);
  expect(sources.filter(({ text }) => /\.prefetch\(/.test(text)).map(({ path }) => path)).toEqual([]);
});
