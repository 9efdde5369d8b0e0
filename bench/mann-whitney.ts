/**
 * Whether two samples look drawn from one distribution (Mann and Whitney 1947): the two-sided p by the normal
 * approximation, with ties sharing their ranks and a continuity correction. For some twenty values each, or more.
 */
export function mannWhitney(some: readonly number[], others: readonly number[]): number {
  const [m, n] = [some.length, others.length];
  const total = m + n;
  const all = [
    ...some.map((value) => ({ value, isOfSome: true })),
    ...others.map((value) => ({ value, isOfSome: false })),
  ].toSorted((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < total; ) {
    let to = from;
    while (to < total && all[to]?.value === all[from]?.value) to += 1;
    const rank = (from + 1 + to) / 2; // the middle of the ranks that equal values share
    rankSum += all.slice(from, to).filter(({ isOfSome }) => isOfSome).length * rank;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const u = rankSum - (m * (m + 1)) / 2;
  const deviation = Math.sqrt(((m * n) / 12) * (total + 1 - ties / (total * (total - 1))));
  if (deviation === 0) return 1;
  return 2 * beyond(Math.max(0, Math.abs(u - (m * n) / 2) - 0.5) / deviation);
}

/** How likely a standard normal value is to be larger than `z` ≥ 0 (Abramowitz and Stegun 26.2.17, to 7.5e-8). */
function beyond(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce(
    (sum, coefficient) => (sum + coefficient) * t,
    0,
  );
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
