import { secondStepPage } from '@/lib/doors/page';
import { passSecondFactor } from './actions';
import { TwoFactorScreen } from './two-factor-screen';

export const metadata = { title: 'Your code' };

export default secondStepPage({
  render: ({ next, query }) => (
    <TwoFactorScreen
      passSecondFactor={passSecondFactor}
      next={next}
      withRecoveryCode={query.with === 'recovery-code'}
    />
  ),
});
