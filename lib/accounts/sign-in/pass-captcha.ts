import { solvedBy } from '@/lib/platform/captcha';
import type { Guest, Visit } from '@/lib/platform/visit';

/** What of a guest's desk it takes. */
type Desk = {
  readonly now: Date;
  readonly enter: <T>(run: (visit: Visit<Guest>) => Promise<T>) => Promise<T>;
};

/**
 * Uses up the solution of a challenge: true once for each, however many send it at the same time.
 *
 * @throws where the database cannot say that it was not used before.
 */
export async function passCaptcha(desk: Desk, solution: string): Promise<boolean> {
  const solved = await solvedBy(solution, desk.now);
  if (!solved) return false;
  return desk.enter(async ({ tx, now }) => {
    // A minute more: what has only just run out may be judged by a slower clock.
    await tx.spentChallenge.deleteMany({ where: { expiresAt: { lt: new Date(now.getTime() - 60_000) } } });
    const { count } = await tx.spentChallenge.createMany({ data: [solved], skipDuplicates: true });
    return count === 1;
  });
}

/** Beside the check, where a form came without one, or with one that was used or ran out. */
export const captchaProblem = 'The check against robots was missing or too old. Send the form again.';
