/** What is found when the house is looked over: sentences that name what is wrong and say how to mend it. */
import { plainFailure } from './plain-failure';

/** `wrong`: it does not work, or not safely, until it is mended. `doubtful`: it works, and somebody should know. */
export type Finding = { readonly is: 'wrong' | 'doubtful'; readonly text: string };
export type Check = () => Promise<readonly Finding[]>;

export const wrong = (text: string): Finding => ({ is: 'wrong', text });
export const doubtful = (text: string): Finding => ({ is: 'doubtful', text });

/** The code of an error, for who knows it; other people's messages may quote an address with its password. */
export function codeOf(error: unknown): string {
  const found = [error, (error as { cause?: unknown } | null)?.cause].map(
    (one) => (one as { code?: unknown } | null)?.code,
  );
  const code = found.find((one) => typeof one === 'string' && /^\w{1,50}$/.test(one));
  return String(code ?? (error instanceof Error ? error.name : 'unknown error'));
}

/** Runs a check; one that breaks has found that, too. */
export const look = (check: Check): Promise<readonly Finding[]> =>
  check().catch((error: unknown) => [wrong(plainFailure(error, 'It could not be looked at'))]);
