import { networkIndex } from '@/lib/platform/rate-limit';
import { isCheckedFrom } from './reserve-try';
import type { GuestDesk } from './sign-in';

/** Whether the check against robots is needed here from the first try on. Said of the network, never of an account. */
export const readSignIn = (desk: GuestDesk): Promise<boolean> =>
  desk.enter((visit) => isCheckedFrom(visit, networkIndex(desk.origin.ipAddress)));
