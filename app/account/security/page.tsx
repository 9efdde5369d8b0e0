import { SignedIn } from '@/app/signed-in';
import { readSecurity } from '@/lib/accounts/sessions/read-security';
import { page } from '@/lib/doors/page';
import { changePassword, revokeOtherSessions, revokeSession } from './actions';
import { SecurityScreen } from './security-screen';

export const metadata = { title: 'Security' };

export default page({
  requireAuth: true,
  load: readSecurity,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <SecurityScreen view={data} actions={{ changePassword, revokeSession, revokeOtherSessions }} />
    </SignedIn>
  ),
});
