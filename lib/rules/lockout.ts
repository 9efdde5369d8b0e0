/** How often somebody may be wrong before an account closes for a while. */

/** Failures in a row, after which new sign-ins are refused; a lock ends no session. */
export const failuresBeforeLock = 5;
export const lockMinutes = 30;

/** A browser counts as known to an account for this long after its last sign-in, and so many of them at a time. */
export const deviceDays = 365;
export const devicesPerAccount = 10;

/** A link that was sent by mail works this long; one for a new password is sent this often at most. */
export const linkMinutes = 30;
export const minutesBetweenResets = 5;

/** Work for somebody who is not signed in, for one network. */
export const anonymousHourly = { name: 'anonymous-hour', tries: 50, seconds: 3600 } as const;
export const anonymousDaily = { name: 'anonymous-day', tries: 200, seconds: 86_400 } as const;

/** Sign-in tries a minute: for one account from one network, and for one network whatever the account. */
export const triesPerAccount = { name: 'sign-in-account', tries: 5, seconds: 60 } as const;
export const triesPerNetwork = { name: 'sign-in-network', tries: 30, seconds: 60 } as const;
