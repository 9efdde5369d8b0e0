/** Before the first request: an environment that is wrong, or a login that the tenant walls do not hold, stops the start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { database, refuseUnsafeLogin } = await import('@/lib/platform/db');
  const { env } = await import('@/lib/platform/env');
  try {
    env();
    await refuseUnsafeLogin(database().pool);
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'could not start');
    process.exit(1);
  }
}
