import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { inspectBusiness } from '@/lib/businesses/inspect-business';
import { page } from '@/lib/doors/page';
import { breakGlass, changeTier, reinstateBusiness, suspendBusiness } from '../actions';
import { BusinessScreen } from './business-screen';

export const metadata = { title: 'A business' };

export default page({
  requirePermission: 'manage_businesses',
  input: z.object({ id: z.uuid() }),
  load: inspectBusiness,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <BusinessScreen view={data} actions={{ suspendBusiness, reinstateBusiness, changeTier, breakGlass }} />
    </SignedIn>
  ),
});
