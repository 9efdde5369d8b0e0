/** The same application built with a middleware that does nothing, to show that nothing depends on it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sources } from '@/scripts/support/build';
import { unlessUnchanged } from '@/scripts/support/unchanged';

const folder = path.resolve('.data/without-middleware');

const emptied = `import { NextResponse } from 'next/server';
export const middleware = () => NextResponse.next();
export const config = { runtime: 'nodejs' };
`;

/** Builds it where the sources have changed, and returns its folder. It finds its packages in the checkout above it. */
export async function buildWithoutMiddleware(): Promise<string> {
  const inputs = [...sources, 'scripts'];
  const output = path.join(folder, '.next/BUILD_ID');
  await unlessUnchanged({ name: 'build-without-middleware', inputs, output }, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // A second lockfile would make this a project of its own, without packages.
    for (const source of inputs.filter((input) => input !== 'package-lock.json')) {
      cpSync(source, path.join(folder, source), { recursive: true });
    }
    writeFileSync(path.join(folder, 'middleware.ts'), emptied);
    execFileSync(process.execPath, [path.resolve('node_modules/next/dist/bin/next'), 'build'], {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: 'pipe',
    });
  });
  return folder;
}
