import { askForCaptcha } from '@/lib/accounts/ask-for-captcha';
import { guestAnswer } from '@/lib/doors/page';

export const GET = guestAnswer({ load: askForCaptcha });
