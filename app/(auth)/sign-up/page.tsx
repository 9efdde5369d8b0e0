import { z } from 'zod';
import { guestPage } from '@/lib/doors/page';
import { signUp } from './actions';
import { SignUpScreen } from './sign-up-screen';

export const metadata = { title: 'Create an account' };

export default guestPage({
  input: z.object({ as: z.enum(['owner', 'user']).default('owner').catch('owner') }),
  load: async () => null,
  render: ({ input }) => <SignUpScreen key={input.as} signUp={signUp} as={input.as} />,
});
