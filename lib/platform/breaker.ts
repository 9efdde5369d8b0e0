/**
 * A circuit breaker. Where several in a row waited in vain, the next are told at once that it is no use; after a rest one
 * of them tries, and lets the others in again or not.
 */

/** Nothing was tried. */
export class Resting extends Error {
  override name = 'Resting';
  constructor() {
    super('the last tries were in vain, and it is not time yet for another');
  }
}

export type Breaker = <T>(work: () => Promise<T>, isInVain?: (error: unknown) => boolean) => Promise<T>;

/**
 * @param failures how many in a row until nothing is tried any more.
 * @param restMs how long from the last of them until one is let through; while it is under way, no other is.
 * @param clock milliseconds that only go forward.
 * @returns a function that does the work, or throws `Resting`. An error that is not `isInVain` says that the other side is
 *   there, as a success does.
 */
export function breaker(
  { failures, restMs }: { readonly failures: number; readonly restMs: number },
  clock: () => number = () => performance.now(),
): Breaker {
  let inARow = 0;
  let restsUntil = 0;
  return async (work, isInVain = () => true) => {
    if (inARow >= failures) {
      if (clock() < restsUntil) throw new Resting();
      restsUntil = clock() + restMs;
    }
    try {
      const result = await work();
      inARow = 0;
      return result;
    } catch (error) {
      inARow = isInVain(error) ? inARow + 1 : 0;
      restsUntil = clock() + restMs;
      throw error;
    }
  };
}
