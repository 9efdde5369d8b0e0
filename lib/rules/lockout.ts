/** How often somebody may be wrong before an account closes for a while. */
import type { Limit } from './limits';

/** Failures in a row, after which new sign-ins are refused; a lock ends no session. */
export const failuresBeforeLock = 5;
export const lockMinutes = 30;

/**
 * After so many failures at an account, or from a network in the last half hour, a sign-in needs the check against robots.
 * A browser that is known to the account needs none.
 */
export const failuresBeforeCaptcha = 2;

/** So many accounts closed within so many minutes are no people who forgot: the operator is told. */
export const closedInWave = 10;
export const waveMinutes = 10;

/** A browser counts as known to an account for this long after its last sign-in, and so many of them at a time. */
export const deviceDays = 365;
export const devicesPerAccount = 10;

/** A link that was sent by mail works this long; one for a new password is sent this often at most. */
export const linkMinutes = 30;
export const minutesBetweenResets = 5;

/** Sign-in tries a minute: for one account from one network, and for one network whatever the account. */
export const triesPerAccount: Limit = { name: 'sign-in-account', tries: 5, seconds: 60 };
export const triesPerNetwork: Limit = { name: 'sign-in-network', tries: 30, seconds: 60 };
