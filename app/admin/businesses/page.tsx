import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { listBusinesses } from '@/lib/businesses/list-businesses';
import { page } from '@/lib/doors/page';
import { BusinessesScreen } from './businesses-screen';

export const metadata = { title: 'Businesses' };

export default page({
  requirePermission: 'manage_businesses',
  input: z.object({
    find: z.string().max(120).default(''),
    before: z.string().max(100).optional(),
    after: z.string().max(100).optional(),
  }),
  load: listBusinesses,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <BusinessesScreen view={data} />
    </SignedIn>
  ),
});
