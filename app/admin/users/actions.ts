'use server';

import { z } from 'zod';
import { changeAccountRole as changeAccountRoleUseCase } from '@/lib/accounts/administration/change-account-role';
import { openLock } from '@/lib/accounts/administration/open-lock';
import { reinstateAccount as reinstateAccountUseCase } from '@/lib/accounts/administration/reinstate-account';
import { signOutSomebody as signOutSomebodyUseCase } from '@/lib/accounts/administration/sign-out-somebody';
import { suspendAccount as suspendAccountUseCase } from '@/lib/accounts/administration/suspend-account';
import { findPerson } from '@/lib/audit/find-person';
import { action } from '@/lib/doors/action';

const oneAccount = z.object({ id: z.uuid() });
const saying = (message: string) => () => ({ message, revalidate: ['/admin/users'] });

export const findAccount = action({
  requirePermission: 'manage_accounts',
  input: z.object({ email: z.string().trim().min(1, 'Type an e-mail.').max(254, 'That is too long for an e-mail.') }),
  run: findPerson,
  done: (id) => ({ redirect: `/admin/users/${id}` }),
});

export const suspendAccount = action({
  requirePermission: 'manage_accounts',
  recent: true,
  input: oneAccount,
  run: suspendAccountUseCase,
  done: saying('Suspended, and signed out everywhere.'),
});

export const reinstateAccount = action({
  requirePermission: 'manage_accounts',
  recent: true,
  input: oneAccount,
  run: reinstateAccountUseCase,
  done: saying('They may sign in again.'),
});

export const unlockForSomebody = action({
  requirePermission: 'manage_accounts',
  input: oneAccount,
  run: openLock,
  done: saying('The account is open again.'),
});

export const signOutSomebody = action({
  requirePermission: 'manage_accounts',
  input: oneAccount,
  run: signOutSomebodyUseCase,
  done: saying('Signed out everywhere.'),
});

export const changeAccountRole = action({
  requirePermission: 'manage_accounts',
  recent: true,
  input: oneAccount.extend({ role: z.enum(['admin', 'user']) }),
  run: changeAccountRoleUseCase,
  done: saying('Their role is changed. They were signed out and have it from their next sign-in.'),
});
