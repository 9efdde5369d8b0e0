/** Progress: what is being done, and how long it took. */

/** Does a piece of work under a title, with the time it took behind it; quick work is told of only once it is done. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  process.stdout.write(`  ${title.padEnd(48, ' ')} `);
  try {
    const result = await work();
    process.stdout.write(`${seconds(performance.now() - start)}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`failed after ${seconds(performance.now() - start)}\n`);
    throw error;
  }
}

/** A duration in seconds, to read: `1.4 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
