import { CalendarClock, House, type LucideIcon, Phone, ShieldCheck, UserRound, UsersRound } from 'lucide-react';

/** Where a signed-in person can go. A place appears here together with its page. */
export type Place = 'today' | 'calls' | 'line' | 'people' | 'account' | 'admin';

/** In the order of the rail. Everything below `href` belongs to the place, and so do the addresses in `also`. */
export const places: readonly { id: Place; label: string; href: string; also: readonly string[]; icon: LucideIcon }[] =
  [
    { id: 'today', label: 'Today', href: '/dashboard', also: [], icon: House },
    { id: 'calls', label: 'Calls', href: '/dashboard/calls', also: [], icon: Phone },
    {
      id: 'line',
      label: 'Line',
      href: '/dashboard/hours',
      also: ['/dashboard/greeting', '/dashboard/number'],
      icon: CalendarClock,
    },
    { id: 'people', label: 'People', href: '/dashboard/people', also: [], icon: UsersRound },
    { id: 'admin', label: 'Platform', href: '/admin', also: [], icon: ShieldCheck },
    { id: 'account', label: 'Account', href: '/account', also: [], icon: UserRound },
  ];
