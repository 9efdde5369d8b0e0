/** Runs before the first request is served. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { checkBeforeServing } = await import('@/lib/platform/start-up');
    await checkBeforeServing();
  }
}
