import { SignedIn } from '@/app/signed-in';
import { readNumber } from '@/lib/businesses/read-number';
import { page } from '@/lib/doors/page';
import { saveNumber } from './actions';
import { NumberScreen } from './number-screen';

export const metadata = { title: 'Number' };

export default page({
  requirePermission: 'manage_settings',
  load: readNumber,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <NumberScreen view={data} actions={{ saveNumber }} />
    </SignedIn>
  ),
});
