import { readFileSync } from 'node:fs';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { clockJobNames, cronText, isLate, nextStart, servedClockJobs } from '@/lib/rules/clock-jobs';

test('Vercel starts every job of the clock that the application runs, at its time, and nothing else', () => {
  const { crons } = JSON.parse(readFileSync('vercel.json', 'utf8'));
  expect(crons).toEqual(servedClockJobs.map((job) => ({ path: `/api/cron/${job}`, schedule: cronText(job) })));
});

/** Whether a moment matches a line of crontab(5) whose fields are numbers, stars, or every so many of them. */
function matches(line: string, at: Date): boolean {
  const moment = DateTime.fromJSDate(at, { zone: 'utc' });
  const parts = [moment.minute, moment.hour, moment.day, moment.month, moment.weekday];
  return line.split(' ').every((field, index) => {
    const [, step = '1'] = field.split('*/');
    return field.startsWith('*') ? Number(parts[index]) % Number(step) === 0 : Number(field) === parts[index];
  });
}

describe.each(clockJobNames)('%s', (job) => {
  const moments = ['2026-01-31T23:59:59.999Z', '2026-02-28T00:00:00Z', '2028-02-29T12:30:00Z', '2026-12-31T23:59:00Z'];

  test.each(moments)('starts next at the first minute after %s that its line in a crontab names', (text) => {
    const after = new Date(text);
    const next = nextStart(job, after);
    const minute = new Date(Math.floor(after.getTime() / 60_000) * 60_000 + 60_000);
    while (!matches(cronText(job), minute)) minute.setUTCMinutes(minute.getUTCMinutes() + 1);
    expect(next).toEqual(minute);
  });

  test('is late only after its time and its patience have passed', () => {
    const begun = new Date('2026-11-22T02:00:30Z');
    const due = nextStart(job, begun);
    expect(isLate(job, begun, begun, due)).toBe(false);
    expect(isLate(job, begun, begun, new Date(due.getTime() + 40 * 86_400_000))).toBe(true);
    expect(isLate(job, null, begun, new Date(due.getTime() + 40 * 86_400_000))).toBe(true);
  });
});
