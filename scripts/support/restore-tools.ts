import { spawnSync } from 'node:child_process';

/** Whether this machine has what docs/restore.md restores a backup with: Debian's packages, which `.ci/run` installs. */
export const hasRestoreTools = (): boolean =>
  ['openssl', 'sha256sum', 'age', 'gzip', 'zstd', 'psql'].every(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined,
  );
