'use server';

import { z } from 'zod';
import { inviteMember as inviteMemberUseCase } from '@/lib/accounts/people/invite-member';
import { resendInvitation as resendInvitationUseCase } from '@/lib/accounts/people/resend-invitation';
import { restoreInvitation as restoreInvitationUseCase } from '@/lib/accounts/people/restore-invitation';
import { withdrawInvitation as withdrawInvitationUseCase } from '@/lib/accounts/people/withdraw-invitation';
import { action } from '@/lib/doors/action';
import { mailAddress } from '@/lib/doors/fields';

const here = ['/dashboard/people/members'];

export const inviteMember = action({
  requirePermission: 'manage_people',
  recent: true,
  input: z.object({
    email: mailAddress,
    role: z.enum(['staff', 'business_owner'], 'Choose a role.'),
  }),
  run: inviteMemberUseCase,
  done: () => ({ message: 'Invited. The mail is on its way.', revalidate: here }),
});

export const resendInvitation = action({
  requirePermission: 'manage_people',
  input: z.object({ id: z.uuid() }),
  run: resendInvitationUseCase,
  done: () => ({ message: 'Sent again. The link before it no longer works.', revalidate: here }),
});

export const withdrawInvitation = action({
  requirePermission: 'manage_people',
  input: z.object({ id: z.uuid() }),
  run: withdrawInvitationUseCase,
  done: () => ({ message: 'Withdrawn. The link no longer works.', revalidate: here }),
});

export const restoreInvitation = action({
  requirePermission: 'manage_people',
  input: z.object({ id: z.uuid() }),
  run: restoreInvitationUseCase,
  done: () => ({ message: 'The invitation is open again.', revalidate: here }),
});
