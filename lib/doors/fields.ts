/** Fields that several forms ask for, with what is said when they are wrong. */
import { z } from 'zod';
import { isMailAddress } from '@/lib/rules/mail-address';
import { isZone } from '@/lib/rules/opening-hours';
import { isName } from '@/lib/rules/sign-up';
import { withoutSpacesAround } from '@/lib/rules/text';

/** One plain address. Spaces around it are a slip of the hand; a line break is not, and is refused with the rest. */
export const mailAddress = z
  .string()
  .transform(withoutSpacesAround)
  .pipe(z.string().min(1, 'Type your e-mail.').refine(isMailAddress, 'This is not an e-mail address.'));

/** Bounds only: the rules for passwords are the use case's, which knows whose it is. */
export const newPassword = z.string().min(1, 'Type a new password.').max(1024, 'That is too long for a password.');

/** @param whose what is missing when it is. */
export const nameField = (missing: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .refine(isName, 'Write a name in letters or digits, at most 120 characters in one line.');

export const zoneField = z.string().refine(isZone, 'Choose a time zone from the list.');

/** The solution of the check against robots; whether it is one, is the use case's to say. */
export const captchaField = z.string().max(4_000).default('');
