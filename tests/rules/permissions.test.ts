import { expect, test } from 'vitest';
import { can, PERMISSIONS, ROLES } from '@/lib/rules/permissions';

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
    'manage_people       ·    yes    ·     ·',
    'view_audit          ·    yes    ·     ·',
    'manage_compliance   ·    yes    ·     ·',
    'export_data         ·    yes    ·     ·',
    'view_own_account   yes   yes   yes   yes',
    'view_platform      yes    ·     ·     ·',
    'manage_accounts    yes    ·     ·     ·',
    'manage_businesses  yes    ·     ·     ·',
    'break_glass        yes    ·     ·     ·',
  ]);
});

test('an unknown role may do nothing', () => {
  for (const role of ['', 'owner', 'Admin', 'ADMIN', 'constructor', '__proto__', 'toString', 'admin ']) {
    expect([role, PERMISSIONS.filter((permission) => can(role, permission))]).toEqual([role, []]);
  }
});
