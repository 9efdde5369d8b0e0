/**
 * A real S3 server of a test's own: Ceph's radosgw, from Debian, with the least of a cluster behind it (one monitor, one
 * disk that is memory). It checks every signature. It is there within three seconds.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from '@/lib/platform/s3-store';
import { hasRadosgw } from '@/scripts/support/radosgw';
import { freePort } from './redis';

export const hasS3 = hasRadosgw();

export type S3Server = {
  readonly endpoint: string;
  /** Sees and may do everything: for a test to arrange and to look, never the code under test. */
  readonly client: S3Client;
  /** Makes a bucket: `locks` with Object Lock, which keeps versions. */
  makeBucket(options?: { readonly locks?: boolean }): Promise<S3Place>;
  stop(): Promise<void>;
};

const run = promisify(execFile);
const key = { accessKeyId: 'a-key-that-everybody-knows', secretAccessKey: 'and-its-secret' };

export async function startS3(): Promise<S3Server> {
  const folder = mkdtempSync(path.join(tmpdir(), 'acp-s3-'));
  const [monitorPort, port] = [await freePort(), await freePort()];
  const monitor = `v1:127.0.0.1:${monitorPort}`;
  const cluster = randomUUID();
  for (const name of ['mon', 'osd', 'rgw']) mkdirSync(path.join(folder, name));
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('keyring'), '');
  writeFileSync(file('ceph.conf'), settings({ folder, cluster, monitor, port }));

  const children: ChildProcess[] = [];
  /** Ends with this process, also where that is killed or breaks down: half a gigabyte would stay. */
  const daemon = (program: string, ...args: string[]) => {
    const withUs = ['--pdeathsig', 'KILL', program, '-c', file('ceph.conf'), '-f', ...args];
    children.push(spawn('setpriv', withUs, { stdio: 'ignore' }));
  };
  const command = (program: string, ...args: string[]) => run(program, ['-c', file('ceph.conf'), ...args]);
  const stop = async () => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL'); // nothing of it is to be kept
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await run('monmaptool', ['--create', '--fsid', cluster, '--addv', 'a', `[${monitor}]`, file('monmap')]);
    await command('ceph-mon', '--mkfs', '-i', 'a', '--monmap', file('monmap'), '--keyring', file('keyring'));
    daemon('ceph-mon', '-i', 'a');
    const disk = randomUUID();
    // A monitor that has only begun may refuse what it does not know yet.
    await untilItWorks(() => command('ceph', '--connect-timeout', '30', 'osd', 'new', disk));
    await command('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', disk);
    await command('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=localhost');
    daemon('ceph-osd', '-i', '0');
    daemon('radosgw', '-n', 'client.rgw');
    await listening(port);
    const user = ['--uid', 'test', '--display-name', 'test', '--access-key', key.accessKeyId];
    await command('radosgw-admin', '-n', 'client.rgw', 'user', 'create', ...user, '--secret-key', key.secretAccessKey);
  } catch (error) {
    await stop();
    throw error;
  }

  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials: key, forcePathStyle: true });
  return {
    endpoint,
    client,
    async makeBucket({ locks = false } = {}) {
      const bucket = `b-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: locks }));
      return { bucket, endpoint, region: 'us-east-1', ...key };
    },
    stop,
  };
}

async function untilItWorks(act: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; ) {
    const error = await act().then(
      () => null,
      (cause: unknown) => cause,
    );
    if (error === null) return;
    if (Date.now() > deadline) throw error;
    await wait(200);
  }
}

async function listening(port: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; ) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    if (Date.now() > deadline) throw new Error('the S3 server did not start');
    await wait(50);
  }
}

type Settings = {
  readonly folder: string;
  readonly cluster: string;
  readonly monitor: string;
  readonly port: number;
};

/** One copy of everything, in memory, for whoever comes: it lives as long as a test. */
const settings = ({ folder, cluster, monitor, port }: Settings) => `
[global]
fsid = ${cluster}
mon host = [${monitor}]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv4 = true
auth cluster required = none
auth service required = none
auth client required = none
keyring = ${folder}/keyring
run dir = ${folder}
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
log file = ${folder}/$name.log
mon data = ${folder}/mon
mon data avail crit = 1
mon allow pool size one = true
paxos propose interval = 0.02
paxos min wait = 0.01
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
osd crush update on start = false
osd class update on start = false
mon max pg per osd = 2000
[client.rgw]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw enable usage log = false
rgw crypt require ssl = false
rgw crypt default encryption key = MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=
`;
