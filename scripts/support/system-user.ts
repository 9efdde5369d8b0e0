/** Who a program runs as, for the one that refuses to run as root. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export type SystemUser = { readonly uid: number; readonly gid: number };

/**
 * The user to run PostgreSQL as, which refuses to be root: this one, or for root the machine's own `postgres` or
 * `nobody`. It must be a known user; `initdb` looks up its name.
 */
export function unprivilegedUser(): SystemUser {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (!isRoot()) return { uid, gid };
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , userId, groupId] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (userId && groupId) return { uid: Number(userId), gid: Number(groupId) };
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" to run it as instead.',
  );
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Whether a user can get at a folder that exists: enter it, and every one above it. */
export function canReach(user: SystemUser, folder: string): boolean {
  if (!isRoot()) return allows(folder, constants.R_OK | constants.X_OK);
  const { uid, gid, mode } = statSync(folder);
  const enter = user.uid === uid ? 0o100 : user.gid === gid ? 0o010 : 0o001;
  const parent = path.dirname(folder);
  return (mode & enter) !== 0 && (parent === folder || canReach(user, parent));
}

/** Whether this process can write into a folder. */
export function canWrite(folder: string): boolean {
  return allows(folder, constants.W_OK);
}

function allows(folder: string, what: number): boolean {
  try {
    accessSync(folder, what);
    return true;
  } catch {
    return false;
  }
}
