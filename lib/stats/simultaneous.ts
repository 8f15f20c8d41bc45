/**
 * The levels of intervals where `k` comparisons are declared together: Bonferroni's, so that all of them hold at once in 95 %
 * of experiments, and in 90 % those that equivalence is read from (two one-sided tests of 5 %).
 */
export function simultaneousLevels(k: number): { interval: number; equivalence: number } {
  return { interval: 1 - 0.05 / k, equivalence: 1 - 0.1 / k }
}
