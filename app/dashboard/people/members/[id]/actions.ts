'use server';

import { z } from 'zod';
import { changeMemberRole as changeMemberRoleUseCase } from '@/lib/accounts/people/change-member-role';
import { removeMember as removeMemberUseCase } from '@/lib/accounts/people/remove-member';
import { transferOwnership as transferOwnershipUseCase } from '@/lib/accounts/people/transfer-ownership';
import { action } from '@/lib/doors/action';

/** What changes more than can be taken back is ticked first; without JavaScript too. */
const understood = z.literal('on', 'Tick this first: then you have read what happens.');

export const changeMemberRole = action({
  requirePermission: 'manage_people',
  recent: true,
  input: z.object({ id: z.uuid(), role: z.enum(['staff', 'business_owner']) }),
  run: changeMemberRoleUseCase,
  done: ({ isOneself }) =>
    isOneself
      ? { revalidate: ['/'], redirect: '/dashboard' }
      : { message: 'Changed, and told by mail.', revalidate: ['/dashboard/people/members'] },
});

export const removeMember = action({
  requirePermission: 'manage_people',
  recent: true,
  input: z.object({ id: z.uuid(), takeOut: understood }),
  run: removeMemberUseCase,
  done: () => ({ revalidate: ['/'], redirect: '/dashboard/people/members' }),
});

export const transferOwnership = action({
  requirePermission: 'manage_people',
  recent: true,
  input: z.object({ id: z.uuid(), handOver: understood }),
  run: transferOwnershipUseCase,
  done: () => ({ revalidate: ['/'], redirect: '/dashboard' }),
});
