import { z } from 'zod';
import { readTakeLink } from '@/lib/calls/take-by-link';
import { guestPage } from '@/lib/doors/page';
import { takeByLink } from './actions';
import { TakeScreen } from './take-screen';

export const metadata = { title: 'An urgent call' };

export default guestPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readTakeLink,
  render: ({ data, input }) => <TakeScreen view={data} takeByLink={takeByLink} token={input.token} />,
});
