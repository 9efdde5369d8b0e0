import { spawnSync } from 'node:child_process';

/** Whether this machine has a `redis-server` to start: Debian's package, which `.ci/run` installs. */
export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
