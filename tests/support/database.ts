/** A database for a vitest file: real PostgreSQL, migrated, empty, and nobody else's. */
import { inject } from 'vitest';
import { makeDatabase, makeEmptyDatabase, type TestDatabase } from './test-server';

/**
 * Makes a database and points `DATABASE_URL` at it. Call it once, at the top of a test file, before anything connects:
 * `const database = await testDatabase();`. It goes when the run ends.
 */
export const testDatabase = (): Promise<TestDatabase> => makeDatabase(inject('testServer'));

/** One without anything in it, to restore into. */
export const emptyDatabase = (): Promise<TestDatabase> => makeEmptyDatabase(inject('testServer'));
