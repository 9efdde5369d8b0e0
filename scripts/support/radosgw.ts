import { spawnSync } from 'node:child_process';

/** Whether this machine has Ceph's S3 server to start: Debian's packages, which `.ci/run` installs. */
export const hasRadosgw = (): boolean =>
  ['radosgw', 'ceph-mon', 'ceph-osd'].every(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
  );
