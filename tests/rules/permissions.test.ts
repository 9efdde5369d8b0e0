import { expect, test } from 'vitest';
import { can, meets, PERMISSIONS, type Requirement, ROLES } from '@/lib/rules/permissions';

test('each role may do exactly this', () => {
  const rows = PERMISSIONS.map((permission) => {
    const marks = ROLES.map((role) => (can(role, permission) ? 'yes' : ' · ').padEnd(6));
    return `${permission.padEnd(19)}${marks.join('')}`.trimEnd();
  });
  expect(['                   admin owner staff user', ...rows]).toEqual([
    '                   admin owner staff user',
    'view_calls          ·    yes   yes    ·',
    'play_recordings     ·    yes   yes    ·',
    'view_transcripts    ·    yes   yes    ·',
    'handle_calls        ·    yes   yes    ·',
    'place_calls         ·    yes   yes    ·',
    'manage_appointments ·    yes   yes    ·',
    'manage_settings     ·    yes    ·     ·',
    'view_usage          ·    yes    ·     ·',
    'manage_people       ·    yes    ·     ·',
    'view_audit          ·    yes    ·     ·',
    'manage_compliance   ·    yes    ·     ·',
    'export_data         ·    yes    ·     ·',
    'view_platform      yes    ·     ·     ·',
    'manage_accounts    yes    ·     ·     ·',
    'manage_businesses  yes    ·     ·     ·',
    'manage_jobs        yes    ·     ·     ·',
    'break_glass        yes    ·     ·     ·',
  ]);
});

test('an unknown role may do nothing', () => {
  for (const role of ['', 'owner', 'Admin', 'ADMIN', 'constructor', '__proto__', 'toString', 'admin ']) {
    expect([role, PERMISSIONS.filter((permission) => can(role, permission))]).toEqual([role, []]);
  }
});

test('V8.2.1 a door opens to whoever meets the one thing it asks for, and an unknown role meets nothing', () => {
  const who = (required: Requirement) => ROLES.filter((role) => meets(role, required));
  expect(who({ requireAuth: true })).toEqual(ROLES);
  expect(who({ requireRole: 'business_owner' })).toEqual(['business_owner']);
  expect(who({ requirePermission: 'handle_calls' })).toEqual(['business_owner', 'staff']);
  for (const role of ['', 'owner', '__proto__', 'constructor']) {
    expect(meets(role, { requireAuth: true })).toBe(false);
    expect(meets(role, { requireRole: role as 'user' })).toBe(false);
  }
  // What only an untyped caller could send asks for nothing, and so lets nobody in.
  expect(who({} as Requirement)).toEqual([]);
});
