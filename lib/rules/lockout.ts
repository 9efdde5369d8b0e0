/** How often somebody may be wrong before an account closes for a while. */
import type { Limit } from './limits';

/** Failures in a row, after which new sign-ins are refused; a lock ends no session. */
export const failuresBeforeLock = 5;
export const lockMinutes = 30;

/** Sign-in tries a minute: for one account from one network, and for one network whatever the account. */
export const triesPerAccount: Limit = { name: 'sign-in-account', tries: 5, seconds: 60 };
export const triesPerNetwork: Limit = { name: 'sign-in-network', tries: 30, seconds: 60 };
