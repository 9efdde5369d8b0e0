import { SignedIn } from '@/app/signed-in';
import { readPlatform } from '@/lib/accounts/administration/read-platform';
import { page } from '@/lib/doors/page';
import { AdminScreen } from './admin-screen';

export const metadata = { title: 'Platform' };

export default page({
  requirePermission: 'view_platform',
  load: readPlatform,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <AdminScreen view={data} />
    </SignedIn>
  ),
});
