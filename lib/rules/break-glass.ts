/** Break-glass: who runs the platform looks at a business's calls, with a reason and an end. */

/** Minutes that may be asked for. The database refuses more than an hour, whoever asks. */
export const GRANT_MINUTES = [15, 30, 60] as const;

/** A reason is a sentence: so many characters, and more than one word. */
export const leastReason = 20;
export const mostReason = 500;

/** What is wrong with a reason, for whoever gives it; `null` where nothing is. */
export function reasonProblem(reason: string): string | null {
  const said = reason.trim();
  if (said.length < leastReason || !/\S\s+\S+\s+\S/.test(said))
    return 'Write a sentence. The owner reads it, and wants to know what made this necessary.';
  return said.length > mostReason ? `That is too long: ${mostReason} characters at most.` : null;
}
