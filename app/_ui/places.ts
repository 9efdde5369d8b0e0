import {
  CalendarClock,
  ChartColumn,
  Clock,
  DatabaseBackup,
  House,
  type LucideIcon,
  Phone,
  ScrollText,
  ShieldCheck,
  Store,
  UserRound,
  UsersRound,
} from 'lucide-react';
import type { Requirement } from '@/lib/rules/permissions';

/** Where a signed-in person can go. A place appears here together with its page. */
export type Place =
  | 'today'
  | 'calls'
  | 'line'
  | 'people'
  | 'usage'
  | 'compliance'
  | 'platform'
  | 'businesses'
  | 'users'
  | 'audit'
  | 'jobs'
  | 'backups'
  | 'account';

/** In the order of the rail. `also` are the further addresses of a place. Who may not open it is not shown the way. */
export const places: readonly (Requirement & {
  id: Place;
  label: string;
  href: string;
  also: readonly string[];
  icon: LucideIcon;
})[] = [
  { id: 'today', label: 'Today', href: '/dashboard', also: [], icon: House, requirePermission: 'view_calls' },
  { id: 'calls', label: 'Calls', href: '/dashboard/calls', also: [], icon: Phone, requirePermission: 'view_calls' },
  {
    id: 'line',
    label: 'Line',
    href: '/dashboard/hours',
    also: ['/dashboard/greeting', '/dashboard/number'],
    icon: CalendarClock,
    requirePermission: 'manage_settings',
  },
  {
    id: 'people',
    label: 'People',
    href: '/dashboard/people',
    also: [],
    icon: UsersRound,
    requirePermission: 'manage_settings',
  },
  {
    id: 'usage',
    label: 'Usage',
    href: '/dashboard/usage',
    also: [],
    icon: ChartColumn,
    requirePermission: 'view_usage',
  },
  {
    id: 'compliance',
    label: 'Compliance',
    href: '/dashboard/compliance',
    also: [],
    icon: ScrollText,
    requirePermission: 'view_audit',
  },
  {
    id: 'platform',
    label: 'Platform',
    href: '/admin',
    also: [],
    icon: ShieldCheck,
    requirePermission: 'view_platform',
  },
  {
    id: 'businesses',
    label: 'Businesses',
    href: '/admin/businesses',
    also: [],
    icon: Store,
    requirePermission: 'manage_businesses',
  },
  {
    id: 'users',
    label: 'Users',
    href: '/admin/users',
    also: [],
    icon: UsersRound,
    requirePermission: 'manage_accounts',
  },
  { id: 'audit', label: 'Audit', href: '/admin/audit', also: [], icon: ScrollText, requirePermission: 'view_platform' },
  { id: 'jobs', label: 'Jobs', href: '/admin/jobs', also: [], icon: Clock, requirePermission: 'view_platform' },
  {
    id: 'backups',
    label: 'Backups',
    href: '/admin/backups',
    also: [],
    icon: DatabaseBackup,
    requirePermission: 'view_platform',
  },
  {
    id: 'account',
    label: 'Account',
    href: '/account',
    also: ['/account/security'],
    icon: UserRound,
    requireAuth: true,
  },
];
