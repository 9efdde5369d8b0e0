import { z } from 'zod';
import { readSecondFactor } from '@/lib/accounts/second-factor/read-second-factor';
import { page } from '@/lib/doors/page';
import { signOut } from '../actions';
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor, replaceRecoveryCodes } from './actions';
import { SecondFactorScreen } from './second-factor-screen';

export const metadata = { title: 'Second factor' };

export default page({
  requireAuth: true,
  input: z.object({ next: z.string().max(2000).catch('').default('') }),
  recent: true,
  beforeSecondFactor: true,
  load: readSecondFactor,
  render: ({ data, input }) => (
    <SecondFactorScreen
      view={data}
      next={input.next}
      actions={{ beginSecondFactor, confirmSecondFactor, replaceRecoveryCodes, removeSecondFactor, signOut }}
    />
  ),
});
