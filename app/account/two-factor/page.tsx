import { readSecondFactor } from '@/lib/accounts/read-second-factor';
import { page } from '@/lib/doors/page';
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor, replaceRecoveryCodes } from './actions';
import { SecondFactorScreen } from './second-factor-screen';

export const metadata = { title: 'Second factor' };

export default page({
  requireAuth: true,
  recent: true,
  load: readSecondFactor,
  render: ({ data }) => (
    <SecondFactorScreen
      view={data}
      actions={{ beginSecondFactor, confirmSecondFactor, replaceRecoveryCodes, removeSecondFactor }}
    />
  ),
});
