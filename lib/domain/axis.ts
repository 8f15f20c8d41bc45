/** Whether the values of an axis make arms: all but what says what is asked or when (workload, load, warm-up). */
export function separatesArms(axis: string): boolean {
  return !/^(workload|load|warmup)(\.|$)/.test(axis)
}
