/** Time and identity, the two things that rules and use cases never make up themselves. */
import { v7 } from 'uuid';

/** This moment. A webhook takes its moment from its visit instead, which the simulator may move. */
export const now = (): Date => new Date();

/** A new UUIDv7 (RFC 9562): unique, and in the order of creation, so that an index on it grows at its end. */
export const newId = (): string => v7();
