import {
  CalendarClock,
  House,
  type LucideIcon,
  Phone,
  ScrollText,
  ShieldCheck,
  UserRound,
  UsersRound,
} from 'lucide-react';
import type { Permission } from '@/lib/rules/permissions';

/** Where a signed-in person can go. A place appears here together with its page. */
export type Place = 'today' | 'calls' | 'line' | 'people' | 'compliance' | 'platform' | 'audit' | 'account';

/** In the order of the rail. `also` are the further addresses of a place. */
export const places: readonly {
  id: Place;
  label: string;
  href: string;
  also: readonly string[];
  icon: LucideIcon;
  /** Who may not do this is not shown the way. */
  permission: Permission;
}[] = [
  { id: 'today', label: 'Today', href: '/dashboard', also: [], icon: House, permission: 'view_calls' },
  { id: 'calls', label: 'Calls', href: '/dashboard/calls', also: [], icon: Phone, permission: 'view_calls' },
  {
    id: 'line',
    label: 'Line',
    href: '/dashboard/hours',
    also: ['/dashboard/greeting', '/dashboard/number'],
    icon: CalendarClock,
    permission: 'manage_settings',
  },
  {
    id: 'people',
    label: 'People',
    href: '/dashboard/people',
    also: [],
    icon: UsersRound,
    permission: 'manage_settings',
  },
  {
    id: 'compliance',
    label: 'Compliance',
    href: '/dashboard/compliance',
    also: [],
    icon: ScrollText,
    permission: 'view_audit',
  },
  { id: 'platform', label: 'Platform', href: '/admin', also: [], icon: ShieldCheck, permission: 'view_platform' },
  { id: 'audit', label: 'Audit', href: '/admin/audit', also: [], icon: ScrollText, permission: 'view_platform' },
  {
    id: 'account',
    label: 'Account',
    href: '/account',
    also: ['/account/security'],
    icon: UserRound,
    permission: 'view_own_account',
  },
];
