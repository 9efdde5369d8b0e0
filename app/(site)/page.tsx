import { LandingScreen } from './landing-screen';

export default function Page() {
  return <LandingScreen />;
}
