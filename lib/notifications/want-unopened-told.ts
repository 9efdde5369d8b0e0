import { wantAlert } from '@/lib/jobs/want-alert';
import { log } from '@/lib/platform/log';
import { MissingKey, type SealError } from '@/lib/platform/sealing';
import type { System, Visit } from '@/lib/platform/visit';

/** Something sealed did not open: the operator is told, once an hour for each key. */
export async function wantUnopenedTold(visit: Visit<System>, error: SealError): Promise<void> {
  const alert = error instanceof MissingKey ? 'missing_key' : 'does_not_open';
  const keyId = error.keyId ?? 'none';
  log.error({ event: 'seal.unopened', kind: alert, keyId });
  await wantAlert(visit, { alert, reference: keyId, about: `${alert} ${keyId}`, each: 'hour' });
}
