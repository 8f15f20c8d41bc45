import type { MetricComparison } from '../domain/verdict.ts'
import type { ComparedNames } from './arm-names.ts'
import { significant, thinSpace } from './numbers.ts'
import { changeUnit, changeValue } from './verdict-numbers.ts'
import type { Words } from './words.ts'
import { scaleOf } from '../domain/compared-metric.ts'

/** More than rounding. */
const least = 1e-9

/** The arms whose launches do not agree in a quality metric, with the most by which they differ: `q4_0`, `0.2 %`. */
export function restlessArms(
  { metric, repeats }: Pick<MetricComparison, 'metric' | 'repeats'>,
  names: Pick<ComparedNames, 'base' | 'against'>,
  words: Words,
): { name: string; by: string }[] {
  const scale = scaleOf(metric)
  return (['base', 'against'] as const).flatMap((arm) => {
    const differ = repeats?.differ[arm] ?? 0
    if (differ <= least) return []
    const value = Math.abs(changeValue(metric, scale, scale === 'ratio' ? 1 + differ : differ))
    const by = [significant(value, 2), changeUnit(metric, scale, words)].filter((part) => part !== '').join(thinSpace)
    return [{ name: names[arm], by }]
  })
}
