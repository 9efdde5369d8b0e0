import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLog, type LogFields } from '@/lib/platform/log';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLog({ write: (line) => void lines.push(line) }) };
}

/** The one entry that `fields` make. */
function entry(fields: LogFields): Record<string, unknown> {
  const { lines, log } = capture();
  log.warn(fields, 'A text');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

describe('the log', () => {
  test('V16.4.1 an entry is one JSON line with its level, time, event and text', () => {
    expect(entry({ event: 'webhook.denied', status: 'forbidden', durationMs: 3 })).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      event: 'webhook.denied',
      status: 'forbidden',
      durationMs: 3,
      msg: 'A text',
    });
  });

  test('V16.2.5 a field that nobody named safe does not pass', () => {
    const person = { event: 'call.saved', phone: '+15551234567', from: 'a@b.test', password: 'x', headers: { a: 1 } };
    expect(Object.keys(entry(person)).toSorted()).toEqual(['event', 'level', 'msg', 'time']);
  });

  test('a safe field with something else in it is withheld', () => {
    const canaries = ['+15551234567', 'ada@example.test', 'Ada Lovelace', 'a\nb', '\u001b[31m', 'x'.repeat(200)];
    for (const canary of canaries) {
      const { level, time, msg, ...rest } = entry({
        event: canary,
        reason: canary,
        route: canary,
        method: canary,
        callSid: canary,
        userId: canary,
        count: canary as unknown as number,
      });
      expect(Object.values(rest)).toEqual(Array(7).fill('[withheld]'));
    }
  });

  test('V16.2.5 an error leaves its message, its cause and its properties behind', () => {
    const error = Object.assign(new TypeError('no such caller: +15551234567', { cause: 'secret' }), {
      code: 'P2002',
      query: 'SELECT secret',
    });
    const line = JSON.stringify(entry({ event: 'job.failed', error }));
    expect(line).toContain('"name":"TypeError"');
    expect(line).toContain('"code":"P2002"');
    expect(line).toMatch(/"at":"log\.test\.ts:\d+"/);
    expect(line).not.toMatch(/555|secret/);
  });

  test('an error of the built application says where its source threw it', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-built-'));
    const file = path.join(folder, 'built.cjs');
    writeFileSync(file, "module.exports = () => { throw new Error('x'); };");
    // The first place of the built file is line 11, column 1 of the source.
    writeFileSync(`${file}.map`, JSON.stringify({ version: 3, sources: ['../lib/a-thing.ts'], mappings: 'AAUA' }));
    const thrower = createRequire(file)(file);
    let error: unknown;
    try {
      thrower();
    } catch (thrown) {
      error = thrown;
    }
    expect(entry({ event: 'a', error }).error).toEqual({ name: 'Error', at: 'a-thing.ts:11' });
    rmSync(folder, { recursive: true });
  });

  test('an error with a telling name or code, and one that is no error, say nothing', () => {
    const named = Object.assign(new Error('x'), { name: 'Ada Lovelace', code: '+1 555 123' });
    expect(entry({ event: 'a', error: named }).error).toEqual({ name: 'Error', at: expect.any(String) });
    expect(entry({ event: 'a', error: 'Ada Lovelace' }).error).toEqual({ name: 'string' });
  });

  test('a text with a value in it does not compile', () => {
    const { lines, log } = capture();
    const caller: string = 'Ada';
    // @ts-expect-error a variable may hold anything
    log.info({ event: 'a' }, caller);
    // @ts-expect-error and so may an interpolated one
    log.info({ event: 'a' }, `from ${caller}`);
    log.info({ event: 'a' }, 'From a caller');
    expect(lines).toHaveLength(3);
  });
});
