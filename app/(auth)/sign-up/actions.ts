'use server';

import { z } from 'zod';
import { signUp as signUpUseCase } from '@/lib/accounts/sign-up/sign-up';
import { guestAction } from '@/lib/doors/action';
import { captchaField, mailAddress, nameField, newPassword, zoneField } from '@/lib/doors/fields';

const person = {
  name: nameField('Type your name.'),
  email: mailAddress,
  password: newPassword,
  consent: z.literal('on', 'We need your agreement to make an account.'),
  captcha: captchaField,
};
const owner = { business: nameField('Type the name of your business.'), zone: zoneField };

export const signUp = guestAction({
  input: z.discriminatedUnion('as', [
    z.object({ as: z.literal('owner'), ...person, ...owner }),
    z.object({ as: z.literal('user'), ...person }),
  ]),
  limit: 'anonymous',
  run: (desk, form) =>
    signUpUseCase(desk, {
      ...form,
      business: form.as === 'owner' ? { name: form.business, zone: form.zone } : null,
    }),
  done: () => ({ redirect: '/confirm-email' }),
  keep: ['name', 'email', 'business', 'zone', 'consent'],
});
