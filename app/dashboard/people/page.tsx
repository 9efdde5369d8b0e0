import { SignedIn } from '@/app/signed-in';
import { readPeople } from '@/lib/businesses/read-people';
import { page } from '@/lib/doors/page';
import { savePeople } from './actions';
import { PeopleScreen } from './people-screen';

export const metadata = { title: 'People' };

export default page({
  requirePermission: 'manage_settings',
  load: readPeople,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <PeopleScreen view={data} actions={{ savePeople }} />
    </SignedIn>
  ),
});
