import { z } from 'zod';
import { guestPage } from '@/lib/doors/page';
import { askForReset } from './actions';
import { ForgotPasswordScreen } from './forgot-password-screen';

export const metadata = { title: 'Forgotten password' };

export default guestPage({
  input: z.object({}),
  load: async () => null,
  render: () => <ForgotPasswordScreen askForReset={askForReset} />,
});
