/**
 * A test that makes the code print to console.error has found something, unless it says so:
 * `vi.spyOn(console, 'error').mockImplementation(() => {})` in the test that expects it.
 */
import { format } from 'node:util';
import { afterAll, afterEach } from 'vitest';

const printed: string[] = [];

console.error = (...values: unknown[]) => {
  printed.push(format(...values));
};

const refuse = () => {
  const unexpected = printed.splice(0);
  if (unexpected.length > 0) throw new Error(`Unexpected console.error:\n${unexpected.join('\n')}`);
};

afterEach(refuse);
afterAll(refuse);
