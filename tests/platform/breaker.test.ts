import { beforeEach, expect, test } from 'vitest';
import { type Breaker, breaker, Resting } from '@/lib/platform/breaker';

let time: number;
let tries: number;
let guarded: Breaker;
beforeEach(() => {
  time = 0;
  tries = 0;
  guarded = breaker({ failures: 3, restMs: 1000 }, () => time);
});

const works = () =>
  guarded(async () => {
    tries += 1;
  });
const fails = () =>
  guarded(async () => {
    tries += 1;
    throw new TypeError('away');
  });
const failTimes = async (times: number) => {
  for (let n = 0; n < times; n++) await expect(fails()).rejects.toThrow(TypeError);
};

test('after some failures in a row nothing is tried', async () => {
  await failTimes(3);
  await expect(works()).rejects.toThrow(Resting);
  expect(tries).toBe(3);
});

test('failures with a success between them are not in a row', async () => {
  await failTimes(2);
  await works();
  await failTimes(2);
  await works();
  expect(tries).toBe(6);
});

test('after the rest one is let through, and no other while it is under way', async () => {
  await failTimes(3);
  time = 1000;
  let finish = () => {};
  const first = guarded(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  await expect(works()).rejects.toThrow(Resting);
  finish();
  await first;
  await works();
  await failTimes(2);
  await works();
});

test('where that one fails too, the others rest again', async () => {
  await failTimes(3);
  time = 1000;
  await failTimes(1);
  time = 1999;
  await expect(works()).rejects.toThrow(Resting);
  time = 2000;
  await works();
});

test('one that never ends keeps the next from trying for no longer than a rest', async () => {
  await failTimes(3);
  time = 1000;
  void guarded(() => new Promise(() => {}));
  time = 2000;
  await works();
});

test('an error that says the other side is there is as good as a success', async () => {
  const mistake = () =>
    guarded(
      () => Promise.reject(new RangeError('ours')),
      (error) => !(error instanceof RangeError),
    );
  await failTimes(2);
  await expect(mistake()).rejects.toThrow(RangeError);
  await failTimes(2);
  await works();
});
