/** The product as processes with other keys would have it, side by side in one test. */
import { vi } from 'vitest';

/** Loads the product anew, with these keys; it keeps them, whatever is loaded after it. */
export async function keyedProcess(...keys: string[]) {
  vi.stubEnv('ENCRYPTION_KEY', keys.join(','));
  vi.resetModules();
  const [sealing, rows, count, rotate, { enterAsSystem, enterForSignIn }, { keyRing }, tries, joining] =
    await Promise.all([
      import('@/lib/platform/sealing'),
      import('@/tests/support/rows'),
      import('@/lib/keys/count-key-use'),
      import('@/lib/keys/rotate-keys'),
      import('@/lib/platform/enter'),
      import('@/lib/platform/keys'),
      import('@/lib/accounts/sign-in/reserve-try'),
      import('@/lib/accounts/people/join-by-invitation'),
    ]);
  keyRing(); // read at the first use, which must be now and not in another process's time
  const desk = { asSystem: <T>(run: Parameters<typeof enterAsSystem<T>>[1]) => enterAsSystem(new Date(), run) };
  return { ...sealing, ...rows, ...count, ...rotate, ...tries, ...joining, enterForSignIn, keyRing, desk };
}

export type KeyedProcess = Awaited<ReturnType<typeof keyedProcess>>;
