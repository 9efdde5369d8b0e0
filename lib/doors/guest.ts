/** Somebody who is not signed in: short transactions, one at a time, with nothing open while a password is hashed. */
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { now } from '@/lib/platform/clock';
import { enterForSignIn } from '@/lib/platform/enter';
import type { Origin } from '@/lib/platform/visit';
import { tellOfUnopened } from './unopened';

/** `deviceId`: the browser it is, where we gave it an id. */
export function guestDesk(origin: Origin, deviceId: string | null = null): GuestDesk {
  const at = now();
  return {
    now: at,
    origin,
    deviceId,
    enter: (run) =>
      enterForSignIn(origin, at, run).catch(async (error: unknown) => {
        await tellOfUnopened(error);
        throw error;
      }),
  };
}
