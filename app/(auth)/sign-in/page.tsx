import { readSignIn } from '@/lib/accounts/sign-in/read-sign-in';
import { signInPage } from '@/lib/doors/page';
import { signIn } from './actions';
import { SignInScreen } from './sign-in-screen';

export const metadata = { title: 'Sign in' };

export default signInPage({
  load: readSignIn,
  render: ({ data: isChecked, next, after }) => (
    <SignInScreen signIn={signIn} isChecked={isChecked} next={next} after={after} />
  ),
});
