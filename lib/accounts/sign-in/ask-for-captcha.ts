import { makeChallenge } from '@/lib/platform/captcha';
import type { GuestDesk } from './sign-in';

/** A challenge for the browser to solve. Nothing is written down: an unused one simply runs out. */
export const askForCaptcha = ({ now }: GuestDesk) => makeChallenge(now);
