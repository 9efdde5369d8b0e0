'use server';

import { z } from 'zod';
import { addBusiness as addBusinessUseCase } from '@/lib/accounts/add-business';
import { askForEmailChange as askForEmailChangeUseCase } from '@/lib/accounts/change-email';
import { changeName as changeNameUseCase } from '@/lib/accounts/change-name';
import { openBusiness as openBusinessUseCase } from '@/lib/accounts/open-business';
import { signOut as signOutUseCase } from '@/lib/accounts/sign-in/sign-out';
import { action, secretAction } from '@/lib/doors/action';
import { mailAddress, nameField, zoneField } from '@/lib/doors/fields';

export const signOut = action({
  requireAuth: true,
  input: z.object({}),
  beforeSecondFactor: true,
  run: signOutUseCase,
  done: () => ({ signOut: true, redirect: '/sign-in' }),
});

export const openBusiness = action({
  requireAuth: true,
  input: z.object({ id: z.uuid() }),
  run: openBusinessUseCase,
  done: () => ({ revalidate: ['/'], redirect: '/dashboard' }),
});

export const addBusiness = secretAction({
  requireAuth: true,
  input: z.object({ business: nameField('Type the name of your business.'), zone: zoneField }),
  run: addBusinessUseCase,
  done: () => ({ revalidate: ['/'], redirect: '/dashboard' }),
  keep: ['business', 'zone'],
});

export const changeName = action({
  requireAuth: true,
  input: z.object({ name: nameField('Type your name.') }),
  run: changeNameUseCase,
  done: () => ({ message: 'Saved.', revalidate: ['/account'] }),
});

export const askForEmailChange = secretAction({
  requireAuth: true,
  input: z.object({ email: mailAddress }),
  recent: true,
  run: askForEmailChangeUseCase,
  done: (_result, { email }) => ({
    message: `We have sent a link to ${email}. Your e-mail stays as it is until you open it.`,
  }),
  keep: ['email'],
});
