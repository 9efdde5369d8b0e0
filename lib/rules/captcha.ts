/** The check against robots: how long a challenge is good, and how much work it is. */

/** From when it is made to when its solution must be here; whoever takes longer over a form solves a new one. */
export const captchaMinutes = 10;

/**
 * The work: a key is derived over and over (PBKDF2-SHA-256), with a counter that goes up, until one has the wanted
 * beginning. `rounds` are those of one key; the server picks after how many keys the browser is there, and so nobody
 * has to wait for bad luck. About a second on a laptop, some seconds on an old phone; six thousandths to make one here.
 */
export const captchaWork = { algorithm: 'PBKDF2/SHA-256', rounds: 20_000, fewest: 60, most: 120 } as const;
