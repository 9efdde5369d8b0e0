import { Tabs } from '@/app/_ui/tabs';

const tabs = [
  { href: '/account', label: 'You' },
  { href: '/account/told', label: 'How you are told' },
  { href: '/account/security', label: 'Security' },
];

/** The pages of one's own account. */
export function AccountTabs() {
  return <Tabs label="Account" tabs={tabs} />;
}
