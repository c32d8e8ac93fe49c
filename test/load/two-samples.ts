/** Two-sample Kolmogorov-Smirnov: how likely samples of one distribution would differ as much as these do. */
export function likelihoodOfSame(one: readonly number[], other: readonly number[]): number {
  const a = [...one].sort((x, y) => x - y);
  const b = [...other].sort((x, y) => x - y);
  let atA = 0;
  let atB = 0;
  let widest = 0;
  while (atA < a.length && atB < b.length) {
    const value = Math.min(a[atA] ?? Infinity, b[atB] ?? Infinity);
    while ((a[atA] ?? Infinity) <= value) atA++;
    while ((b[atB] ?? Infinity) <= value) atB++;
    widest = Math.max(widest, Math.abs(atA / a.length - atB / b.length));
  }
  const size = Math.sqrt((a.length * b.length) / (a.length + b.length));
  const lambda = (size + 0.12 + 0.11 / size) * widest;
  // The series does not converge where the samples hardly differ; there the answer is one.
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, sum));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
