/** Where somebody goes once they have signed in. */
import { meets, type Requirement, type Role } from './permissions';

/** The areas behind the sign-in, and what it takes to be in one. In the order in which they are tried. */
const AREAS: readonly (Requirement & { readonly path: string })[] = [
  { path: '/dashboard', requirePermission: 'view_calls' },
  { path: '/admin', requirePermission: 'view_platform' },
  { path: '/account', requireAuth: true },
  { path: '/invitation', requireAuth: true }, // last: somewhere to come back to, and nobody's home
];

/** The first page of the first area that is open to a role. */
export function homeOf(role: Role): string {
  return AREAS.find((area) => meets(role, area))?.path ?? '/account';
}

/**
 * The page somebody was on their way to, where it is in an area of ours that is open to them; else where they belong. A
 * text is read as a browser reads it (`//evil.example`, `/\evil.example` and `/.//evil.example` are other sites), and only
 * a path that was found to be in an area is given back.
 */
export function pathAfterSignIn(next: string, role: Role): string {
  const here = 'https://here.invalid';
  if (!URL.canParse(next, here)) return homeOf(role);
  const { origin, pathname, search } = new URL(next, here);
  const isOpen = AREAS.some(
    (area) => (pathname === area.path || pathname.startsWith(`${area.path}/`)) && meets(role, area),
  );
  return origin === here && isOpen ? `${pathname}${search}` : homeOf(role);
}
