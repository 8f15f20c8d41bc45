import type { ChangeInterval, Estimate } from '../domain/verdict.ts'
import { scales } from './change-scale.ts'

/**
 * Whether the bootstrap beside Student's t says otherwise than the interval that decides: that the change is none, or not, or that it
 * is beyond the larger of margin and noise floor, or not. `false` where there is no bootstrap.
 */
export function isDisputed(
  { scale, interval, check }: Pick<Estimate, 'scale' | 'interval' | 'check'>,
  { margin, floor }: { margin: number; floor?: number },
): boolean {
  if (check === undefined) return false
  const { place, reach } = scales[scale]
  const sideOf = ({ low, high }: ChangeInterval, line: number) => {
    if ((place(low) ?? -Infinity) > line) return 1
    return (place(high) ?? Infinity) < -line ? -1 : 0
  }
  return [0, reach(Math.max(margin, floor ?? 0))].some((line) => sideOf(interval, line) !== sideOf(check, line))
}
