import type { Comparison } from './comparison.ts'
import { symbolOf } from './symbol.ts'

/** One value of the compared axis: its name, its symbol and the arms that have it. */
export type KeyEntry = { label: string; symbol: string; arms: string }

/** The key to colours and shapes, in the order of the file; empty where there is nothing to tell apart. */
export function armKey({ values, arms }: Comparison): KeyEntry[] {
  if (values.length < 2) return []
  return values.flatMap((label) => {
    const same = arms.filter((arm) => arm.value === label)
    return same[0] === undefined
      ? []
      : [{ label, symbol: symbolOf(same[0].mark), arms: same.map((arm) => arm.index).join(' ') }]
  })
}
