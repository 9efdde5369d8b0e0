/** Time and identity, the two things that rules and use cases never make up themselves. */
import { v5, v7 } from 'uuid';

/** This moment. A webhook takes its moment from its visit instead, which the simulator may move. */
export const now = (): Date => new Date();

/** A new UUIDv7 (RFC 9562): unique, and in the order of creation, so that an index on it grows at its end. */
export const newId = (): string => v7();

/** The same UUID for the same text (version 5, RFC 9562): what is brought in twice is there once. */
export const idFrom = (text: string): string => v5(text, 'b0d5cb4e-6d1c-4f0e-9d4f-3f5c1a7e2b90');
