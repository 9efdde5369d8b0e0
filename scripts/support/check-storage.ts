/** Whether what is put into the stores comes back, and comes back to nobody else. */
import { newId } from '@/lib/platform/clock';
import { env, isLoopback } from '@/lib/platform/env';
import { type Bucket, type Storage, storage } from '@/lib/platform/storage';
import { StoreError } from '@/lib/platform/store';
import { codeOf, doubtful, type Finding, wrong } from './findings';

export async function checkStorage(): Promise<readonly Finding[]> {
  const { RECORDINGS_S3_BUCKET, BACKUP_S3_BUCKET } = env();
  return [
    ...(await checkStore('recordings', RECORDINGS_S3_BUCKET)),
    ...(await checkStore('backups', BACKUP_S3_BUCKET)),
  ];
}

async function checkStore(bucket: Bucket, name: string | undefined): Promise<readonly Finding[]> {
  const variable = bucket === 'recordings' ? 'RECORDINGS_S3_BUCKET' : 'BACKUP_S3_BUCKET';
  const where = name ? variable : `.data/storage/${bucket}`;
  try {
    const findings = await roundTrip(storage(bucket), name);
    if (!name && !isLoopback(env().APP_URL)) findings.push(doubtful(alone[bucket](variable)));
    return findings.map(({ is, text }) => ({ is, text: `${where}: ${text}` }));
  } catch (error) {
    const reason = error instanceof StoreError ? error.message : `it does not work (${codeOf(error)}): ${mend(name)}`;
    return [wrong(`${where}: ${reason}`)];
  }
}

const mend = (name: string | undefined) =>
  name
    ? 'see that S3_ENDPOINT or AWS_REGION is right and can be reached from here'
    : 'see that it can be written to, and has room';

const alone: Readonly<Record<Bucket, (variable: string) => string>> = {
  recordings: () => 'on this disk alone. Functions have none: there, name a bucket',
  backups: (variable) => `on the same machine as what it is to survive: name a bucket elsewhere in ${variable}`,
};

const content = 'npm run doctor was here';

async function roundTrip(store: Storage, name: string | undefined): Promise<Finding[]> {
  const key = `doctor/${newId()}.txt`;
  const findings: Finding[] = [];
  await store.put(key, new Blob([content]).stream());
  try {
    const back = await new Response(await store.read(key)).text();
    const found = await store.stat(key);
    if (back !== content || found?.bytes !== content.length)
      findings.push(wrong('gives back something else than it was given'));
    const listed: string[] = [];
    for await (const one of store.list('doctor/')) listed.push(one.key);
    if (!listed.includes(key)) findings.push(wrong('does not list what it has'));
    if (name && (await isPublic(name, key))) findings.push(wrong('anybody can read it: block all public access to it'));
  } finally {
    await store.delete(key);
  }
  if ((await store.stat(key)) !== null) findings.push(wrong('does not delete what it is told to'));
  return findings;
}

/** Whether the file is given to somebody who has no key. */
async function isPublic(bucket: string, key: string): Promise<boolean> {
  const { S3_ENDPOINT, AWS_REGION } = env();
  const base = S3_ENDPOINT ? `${S3_ENDPOINT}/${bucket}` : `https://${bucket}.s3.${AWS_REGION}.amazonaws.com`;
  const response = await fetch(`${base}/${key}`, { signal: AbortSignal.timeout(10_000) });
  await response.body?.cancel();
  return response.ok;
}
