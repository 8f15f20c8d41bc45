/** Whether an axis says what is asked or when, and so separates no arms. */
export function isTaskAxis(axis: string): boolean {
  return /^(workload|load|warmup)(\.|$)/.test(axis)
}
