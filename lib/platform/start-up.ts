import { database, refuseUnsafeLogin } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

/** Ends the process, with a line that says why, where the environment is wrong or the tenant walls do not hold its login. */
export async function checkBeforeServing(): Promise<void> {
  try {
    env();
    await refuseUnsafeLogin(database().pool);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'AfterCallPro could not start.'}\n`);
    process.exit(1);
  }
}
