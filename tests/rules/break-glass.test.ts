import { expect, test } from 'vitest';
import { reasonProblem } from '@/lib/rules/break-glass';
import { mayOpen, PERMISSIONS } from '@/lib/rules/permissions';

test('V8.2.1 a grant opens calls, transcripts and recordings to an admin, and nothing else to anybody', () => {
  const open = (role: string, grantId: string | null) =>
    PERMISSIONS.filter((requirePermission) => mayOpen({ role, grantId }, { requirePermission }));
  const platform = ['view_platform', 'manage_accounts', 'manage_businesses', 'manage_jobs', 'break_glass'];
  expect(open('admin', null)).toEqual(platform);
  expect(open('admin', 'a grant')).toEqual(['view_calls', 'play_recordings', 'view_transcripts', ...platform]);
  for (const role of ['business_owner', 'staff', 'user', 'nonsense'])
    expect(open(role, 'a grant')).toEqual(open(role, null));
});

test('a reason is a sentence', () => {
  for (const reason of ['', ' '.repeat(40), 'because', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'test test', 'x'.repeat(600)])
    expect(reasonProblem(reason), reason).not.toBeNull();
  expect(reasonProblem('The owner asked us to find a lost message.')).toBeNull();
});
