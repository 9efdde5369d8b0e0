/** Where somebody goes once they have signed in. */
import { can, type Permission, type Role } from './permissions';

/** The areas behind the sign-in, and what it takes to be in one. In the order in which they are tried. */
const AREAS: readonly { readonly path: string; readonly permission: Permission }[] = [
  { path: '/dashboard', permission: 'view_calls' },
  { path: '/admin', permission: 'view_platform' },
  { path: '/account', permission: 'view_own_account' },
];

/** The first page of the first area that is open to a role. */
export function homeOf(role: Role): string {
  return AREAS.find(({ permission }) => can(role, permission))?.path ?? '/account';
}

/**
 * The page somebody was on their way to, where it is one of ours and open to them; else where they belong. What browsers
 * read as another site (`//evil.example`, `/\evil.example`, also after dots are resolved) is no page of ours.
 */
export function pathAfterSignIn(next: string, role: Role): string {
  const here = 'https://here.invalid';
  if (!next.startsWith('/') || !URL.canParse(next, here)) return homeOf(role);
  const { origin, pathname, search } = new URL(next, here);
  const isOpen = AREAS.some(
    ({ path, permission }) => (pathname === path || pathname.startsWith(`${path}/`)) && can(role, permission),
  );
  return origin === here && isOpen ? `${pathname}${search}` : homeOf(role);
}
