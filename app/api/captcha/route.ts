import { askForCaptcha } from '@/lib/accounts/sign-in/ask-for-captcha';
import { guestAnswer } from '@/lib/doors/page';

export const GET = guestAnswer({ load: askForCaptcha });
