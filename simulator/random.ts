import { createHash, randomUUID } from 'node:crypto';

/** Everything the network makes up: the same seed gives the same identifiers and the same hesitations, in order. */
export type Random = {
  /** A Twilio identifier: two letters and 32 hexadecimal digits. */
  sid(prefix: 'CA' | 'GT' | 'PN' | 'RE' | 'SM' | 'TR'): string;
  /** A version 4 UUID. */
  uuid(): string;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
};

export function seeded(seed: string = randomUUID()): Random {
  let drawn = 0;
  const hex = () => createHash('sha256').update(`${seed}:${drawn++}`).digest('hex');
  return {
    sid: (prefix) => prefix + hex().slice(0, 32),
    uuid: () => hex().replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5'),
    between: (low, high) => low + (Number.parseInt(hex().slice(0, 8), 16) % (high - low + 1)),
  };
}
