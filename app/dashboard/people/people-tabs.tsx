import { Tabs } from '@/app/_ui/tabs';

/** Who is rung and who is told, for whoever sets up the line; and who may sign in. */
export function PeopleTabs() {
  return (
    <Tabs
      label="People"
      tabs={[
        { href: '/dashboard/people', label: 'Who is rung' },
        { href: '/dashboard/people/told', label: 'Who is told' },
        { href: '/dashboard/people/members', label: 'Who may sign in' },
      ]}
    />
  );
}
