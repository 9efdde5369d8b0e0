/** What benches share: how they say what they are at, and the middle of what they measured. */
import { step } from '@/scripts/support/step';

/** Whether a program reads what is printed. */
export const isJson = process.argv.includes('--json');

/** A step, told of as it goes on; not where a program reads. */
export const tell: typeof step = (title, work) => (isJson ? work() : step(title, work));

/** The middle one of numbers; of an even count the larger of the two. */
export const middle = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
