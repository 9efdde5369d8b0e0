import { Tabs } from '@/app/_ui/tabs';

/** Hours, greeting and number are one place: the line. */
export function LineTabs() {
  return (
    <Tabs
      label="Line"
      tabs={[
        { href: '/dashboard/hours', label: 'Hours' },
        { href: '/dashboard/greeting', label: 'Greeting' },
        { href: '/dashboard/number', label: 'Number' },
      ]}
    />
  );
}
