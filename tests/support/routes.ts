/** Everything that the build serves, as Next itself lists it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const manifest = <T>(folder: string, name: string): T =>
  JSON.parse(readFileSync(path.join(folder, '.next/server', name), 'utf8')) as T;

/** Pages and route handlers by the pattern of their address: `/dashboard/calls/[id]`. */
export function routesOf(folder = process.cwd()): { readonly pages: string[]; readonly handlers: string[] } {
  const entries = Object.keys(manifest<Record<string, string>>(folder, 'app-paths-manifest.json'));
  const named = (kind: 'page' | 'route') =>
    entries
      .filter((entry) => entry.endsWith(`/${kind}`))
      .map((entry) => entry.slice(0, -kind.length - 1).replace(/\/\([^)]+\)/g, '') || '/')
      .filter((entry) => !/^\/_(global-error|not-found)$/.test(entry))
      .toSorted();
  return { pages: named('page'), handlers: named('route') };
}

export type ServerAction = { readonly id: string; readonly name: string; readonly page: string };

/** Server actions, each with a page that it can be sent to. */
export function actionsOf(folder = process.cwd()): readonly ServerAction[] {
  type Entry = { exportedName: string; workers: Record<string, unknown> };
  const { node } = manifest<{ node: Record<string, Entry> }>(folder, 'server-reference-manifest.json');
  return Object.entries(node).map(([id, { exportedName: name, workers }]) => {
    const worker = Object.keys(workers).toSorted()[0] ?? '';
    return { id, name, page: worker.replace(/^app|\/page$|\/\([^)]+\)/g, '') || '/' };
  });
}
