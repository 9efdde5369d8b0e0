/** Who may do what. The same table decides on the server and tells the screens what to show. */

/** The role in force: a membership's (business_owner, staff) inside a business, else the account's (admin, user). */
export const ROLES = ['admin', 'business_owner', 'staff', 'user'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  // Inside a business.
  'view_calls',
  'play_recordings',
  'view_transcripts',
  'handle_calls', // mark as heard, mark as called back
  'place_calls', // ring a caller back through the product
  'manage_appointments',
  'manage_settings', // greeting, hours, people on duty, number
  'view_usage', // the month's minutes, and what was not charged
  'manage_people', // who may sign in for the business, and as what
  'view_audit', // the business's trail
  'manage_compliance', // what the business promises: second factors, retention, legal hold
  'export_data', // what may be seen, as a file to take away
  // The platform's.
  'view_platform', // its figures and its trail
  'manage_accounts', // find, suspend, unlock, change the role of
  'manage_businesses', // find, suspend, change the tier of
  'manage_jobs', // start what the clock starts, let go or drop what waits since a restore
  'break_glass', // open a business's calls for a while, with a reason that its owner reads
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What only who runs the platform may do. */
export const PLATFORM_PERMISSIONS = [
  'view_platform',
  'manage_accounts',
  'manage_businesses',
  'manage_jobs',
  'break_glass',
] as const satisfies Permission[];
export type PlatformPermission = (typeof PLATFORM_PERMISSIONS)[number];

/** An admin runs the platform and has no business: what callers said is not in this list on purpose. */
const GRANTED: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PLATFORM_PERMISSIONS,
  business_owner: [
    'view_calls',
    'play_recordings',
    'view_transcripts',
    'handle_calls',
    'place_calls',
    'manage_appointments',
    'manage_settings',
    'view_usage',
    'manage_people',
    'view_audit',
    'manage_compliance',
    'export_data',
  ],
  staff: ['view_calls', 'play_recordings', 'view_transcripts', 'handle_calls', 'place_calls', 'manage_appointments'],
  user: [],
};

/** What a break-glass grant opens to who runs the platform, in one business: to look, and to change nothing. */
export const GRANTABLE = ['view_calls', 'play_recordings', 'view_transcripts'] as const satisfies Permission[];

/** The one role that counts: who runs the platform does nothing else; inside a business the membership's, else `user`. */
export function roleInForce(account: 'admin' | 'user', membership: 'business_owner' | 'staff' | null): Role {
  return account === 'admin' ? 'admin' : (membership ?? 'user');
}

/** Whether a role may do something. Anything that is not one of the four roles, also `__proto__`, may do nothing. */
export function can(role: string, permission: Permission): boolean {
  return isRole(role) && GRANTED[role].includes(permission);
}

/** What a door asks of a visitor, in one of three ways. */
export type Requirement<P extends Permission = Permission, R extends Role = Role> =
  /** To be signed in: for what is everybody's own. */
  | { readonly requireAuth: true; readonly requireRole?: never; readonly requirePermission?: never }
  /** To be this and nothing else: for what belongs to a role by what it is, and could be granted to no other. */
  | { readonly requireRole: R; readonly requireAuth?: never; readonly requirePermission?: never }
  /** To be allowed this by the table above: for everything else. */
  | { readonly requirePermission: P; readonly requireAuth?: never; readonly requireRole?: never };

/** Whether a role has what a door asks for. */
export function meets(role: string, { requireAuth, requireRole, requirePermission }: Requirement): boolean {
  if (requirePermission !== undefined) return can(role, requirePermission);
  return isRole(role) && (requireRole === undefined ? requireAuth === true : role === requireRole);
}

/** Whether a visitor has what a door asks for, by role or by a grant that they are in. */
export const mayOpen = (
  { role, grantId }: { readonly role: string; readonly grantId: string | null },
  required: Requirement,
): boolean => meets(role, required) || (grantId !== null && role === 'admin' && isGrantable(required));

/** Whether a grant could open a door. */
export const isGrantable = ({ requirePermission }: Requirement): boolean =>
  (GRANTABLE as readonly (Permission | undefined)[]).includes(requirePermission);

/** A requirement in one word, for the trail. */
export const requirementInWord = ({ requirePermission, requireRole }: Requirement): string =>
  requirePermission ?? requireRole ?? 'signed_in';

/** Whether a permission is the platform's, and so needs no business. */
export function isPlatform(permission: Permission): permission is PlatformPermission {
  return (PLATFORM_PERMISSIONS as readonly Permission[]).includes(permission);
}

/** Whether a text is one of the four roles. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
