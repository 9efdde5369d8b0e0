/** The log of the application under test, after every test in the browser: what must never be in it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, Request } from '@playwright/test';
import { sealedModels } from '@/lib/keys/sealed-tables';
import { open } from '@/lib/platform/sealing';
import { sealedColumns } from '@/lib/rules/data-map';
import type { ownerClient } from '@/tests/support/rows';

/** Shorter ones stand in ids and times by chance. */
const shortest = 8;

const secretVariables = ['SECRET_KEY', 'ENCRYPTION_KEY', 'CRON_SECRET', 'TWILIO_AUTH_TOKEN', 'STORAGE_AGE_IDENTITIES'];
const secretFields = /^(?:\d+_)?(?:\w*[Pp]assword|code|token|captcha|csrfToken)$/;

/** Secrets that went through the browsers, gathered as they go. */
export function listen(context: BrowserContext, secrets: Set<string>): () => Promise<void> {
  context.on('request', (request) => {
    for (const [name, value] of fieldsOf(request)) if (secretFields.test(name)) secrets.add(value);
  });
  return async () => {
    for (const { value } of await context.cookies()) secrets.add(value);
  };
}

/** What a form was sent with, and what stood in the address. */
function* fieldsOf(request: Request): Generator<[name: string, value: string]> {
  yield* new URL(request.url()).searchParams;
  const body = request.postDataBuffer()?.toString('utf8') ?? '';
  const type = request.headers()['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) yield* new URLSearchParams(body);
  for (const [, name = '', value = ''] of body.matchAll(/ name="([^"]+)"\r\n\r\n([^\r]*)\r\n/g)) yield [name, value];
}

/** What the house itself knows and must not tell: its keys, the links that it mailed, and all that is sealed in it. */
export async function secretsOf(owner: ReturnType<typeof ownerClient>, workspace: string): Promise<Set<string>> {
  const secrets = new Set(secretVariables.map((name) => process.env[name] ?? ''));
  secrets.add(new URL(process.env.DATABASE_URL ?? '').password);
  const outbox = path.join(workspace, '.data/outbox');
  for (const name of await readdir(outbox).catch(() => [])) {
    const mail = await readFile(path.join(outbox, name), 'utf8');
    for (const [, token = ''] of mail.matchAll(/token=([\w-]+)/g)) secrets.add(token);
  }
  for (const model of sealedModels) {
    const rows: Row[] = await Reflect.get(owner, model.charAt(0).toLowerCase() + model.slice(1)).findMany();
    for (const row of rows) {
      const opened: Readonly<Record<string, unknown>> = open(model as 'Call', row);
      for (const column of sealedColumns(model)) if (opened[column]) secrets.add(String(opened[column]));
    }
  }
  return secrets;
}
type Row = { readonly id: string; readonly businessId: string };

/** @throws Error with the lines of the log that hold a secret, and not the secret. */
export function expectSilence(log: string, secrets: ReadonlySet<string>): void {
  const long = [...secrets].filter((secret) => secret.length >= shortest);
  const spelled = long.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  const lines = log.split('\n').filter((line) => spelled.some((secret) => line.includes(secret)));
  if (lines.length > 0) {
    const events = lines.map((line) => /"event":"([\w.]+)"/.exec(line)?.[1] ?? 'a line that is no entry of ours');
    throw new Error(`${lines.length} lines of the log hold a secret: ${[...new Set(events)].join(', ')}`);
  }
  console.log(
    `The log is silent: ${log.split('\n').length} lines, ${long.length} secrets and sealed values looked for.`,
  );
}
