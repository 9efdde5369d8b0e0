/** A change of address: how long it can be confirmed is a link's half hour; how long it can be taken back stands here. */
import type { Limit } from './limits';

/** Days for which whoever reads the old mailbox can take a change back. */
export const wayBackDays = 7;

/** Changes that one account may ask for. */
export const emailChanges: Limit = { name: 'email-changes', tries: 5, seconds: 3_600 };
