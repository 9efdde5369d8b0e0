import { database, isRestoreUnfinished, refuseUnsafeLogin, UnsafeLogin } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { keyRing } from '@/lib/platform/keys';
import { log } from '@/lib/platform/log';

const LOOK_AGAIN_AFTER = 2_000;

const unfinished =
  'This database was restored, and what was erased since its backup is in it again. Before it serves: npm run backup -- finish';

/** Ends the process, with a line that says why, where the environment is wrong or the tenant walls do not hold its login. */
export async function checkBeforeServing(): Promise<void> {
  try {
    env();
    keyRing(); // a passphrase takes its time, which no visitor should
  } catch (error) {
    refuse(error);
  }
  await checkLogin();
}

/**
 * A process that starts while the database is away serves all the same, since callers must hear something; its login is
 * checked once the database is there.
 */
async function checkLogin(): Promise<void> {
  try {
    await refuseUnsafeLogin(database().pool);
    if (await isRestoreUnfinished(database().pool)) refuse(new Error(unfinished));
  } catch (error) {
    if (error instanceof UnsafeLogin) refuse(error);
    log.warn({ event: 'start.database_away', error });
    setTimeout(checkLogin, LOOK_AGAIN_AFTER).unref();
  }
}

function refuse(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : 'AfterCallPro could not start.'}\n`);
  process.exit(1);
}
