/** Who may do what. The same table decides on the server and tells the screens what to show. */

/** The role in force: a membership's (business_owner, staff) inside a business, else the account's (admin, user). */
export const ROLES = ['admin', 'business_owner', 'staff', 'user'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'view_calls',
  'play_recordings',
  'view_transcripts',
  'handle_calls', // mark as heard, mark as called back
  'manage_settings', // greeting, hours, people on duty, number
  'view_audit', // the business's trail
  'export_data', // what may be seen, as a file to take away
  'view_own_account',
  'view_platform', // its figures and its trail
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** An admin runs the platform and has no business: what callers said is not in this list on purpose. */
const GRANTED: Readonly<Record<Role, readonly Permission[]>> = {
  admin: ['view_platform', 'view_own_account'],
  business_owner: [
    'view_calls',
    'play_recordings',
    'view_transcripts',
    'handle_calls',
    'manage_settings',
    'view_audit',
    'export_data',
    'view_own_account',
  ],
  staff: ['view_calls', 'play_recordings', 'view_transcripts', 'handle_calls', 'view_own_account'],
  user: ['view_own_account'],
};

/** The one role that counts: who runs the platform does nothing else; inside a business the membership's, else `user`. */
export function roleInForce(account: 'admin' | 'user', membership: 'business_owner' | 'staff' | null): Role {
  return account === 'admin' ? 'admin' : (membership ?? 'user');
}

/** Whether a role may do something. Anything that is not one of the four roles, also `__proto__`, may do nothing. */
export function can(role: string, permission: Permission): boolean {
  return isRole(role) && GRANTED[role].includes(permission);
}

/** Whether a text is one of the four roles. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
