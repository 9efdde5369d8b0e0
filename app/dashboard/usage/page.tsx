import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { readUsage } from '@/lib/businesses/read-usage';
import { page } from '@/lib/doors/page';
import { UsageScreen } from './usage-screen';

export const metadata = { title: 'Usage' };

export default page({
  requirePermission: 'view_usage',
  input: z.object({ month: z.enum(['this', 'last']).default('this') }),
  load: readUsage,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <UsageScreen view={data} />
    </SignedIn>
  ),
});
