import { signInPage } from '@/lib/doors/page';
import { signIn } from './actions';
import { SignInScreen } from './sign-in-screen';

export const metadata = { title: 'Sign in' };

export default signInPage({ render: ({ next, after }) => <SignInScreen signIn={signIn} next={next} after={after} /> });
