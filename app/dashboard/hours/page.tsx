import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { readHours } from '@/lib/businesses/read-hours';
import { page } from '@/lib/doors/page';
import { saveHours } from './actions';
import { HoursScreen } from './hours-screen';

export const metadata = { title: 'Hours' };

export default page({
  requirePermission: 'manage_settings',
  input: z.object({ at: z.string().max(40).optional() }),
  load: readHours,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <HoursScreen view={data} actions={{ saveHours }} />
    </SignedIn>
  ),
});
