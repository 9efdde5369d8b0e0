'use server';

import { z } from 'zod';
import { acceptInvitation as acceptInvitationUseCase } from '@/lib/accounts/people/accept-invitation';
import { joinByInvitation as joinByInvitationUseCase } from '@/lib/accounts/people/join-by-invitation';
import { guestAction, secretAction } from '@/lib/doors/action';
import { nameField, newPassword } from '@/lib/doors/fields';

const token = z.string().max(200);

export const acceptInvitation = secretAction({
  requireAuth: true,
  input: z.object({ token }),
  run: acceptInvitationUseCase,
  done: () => ({ revalidate: ['/'], redirect: '/dashboard' }),
  keep: [],
});

export const joinByInvitation = guestAction({
  input: z.object({
    token,
    name: nameField('Type your name.'),
    password: newPassword,
    consent: z.literal('on', 'We need your agreement to make an account.'),
  }),
  limit: 'anonymous',
  run: joinByInvitationUseCase,
  done: () => ({ redirect: '/sign-in?after=joined' }),
  keep: ['name', 'consent'],
});
