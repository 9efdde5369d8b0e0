import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { listAccounts } from '@/lib/accounts/administration/list-accounts';
import { page } from '@/lib/doors/page';
import { findAccount } from './actions';
import { UsersScreen } from './users-screen';

export const metadata = { title: 'Users' };

export default page({
  requirePermission: 'manage_accounts',
  input: z.object({
    show: z.enum(['recent', 'locked', 'suspended', 'admins']).default('recent'),
    before: z.string().max(100).optional(),
    after: z.string().max(100).optional(),
  }),
  load: listAccounts,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <UsersScreen view={data} actions={{ findAccount }} />
    </SignedIn>
  ),
});
