import { kneeGoodput } from '../domain/plan.ts'
import type { Evidence } from './evidence.ts'
import type { LoadLine, LoadPoint } from './load-sweep.ts'

/** The share of the most output above which more clients only add waiting. */
export const nearlyAll = 0.9

/**
 * Where a line bends, by one of two rules: with objectives the highest level up to which the share of good requests stays at
 * `kneeGoodput` or more; else, of clients, the fewest that write `nearlyAll` of the most output.
 */
export type Knee = {
  rule: 'goodput' | 'output'
  point: LoadPoint
  /** It is the last level that was measured: the true one may lie beyond. */
  last: boolean
}

/** The knee of a line, from valid trials where there are any; `undefined` where none of the rules finds one. */
export function kneeOf(evidence: Evidence, line: LoadLine): Knee | undefined {
  const judged = soundOf(evidence, line, 'goodput_share') // there is one where an open load is too short for rates
  if (judged.length > 1) return byGoodput(evidence, judged)
  const sound = soundOf(evidence, line, 'output_tps')
  const closed = sound.every(({ cell }) => cell.cell.config.load.kind === 'closed')
  return closed && sound.length > 2 ? byOutput(evidence, sound) : undefined
}

/** The valid points that have the metric, where any is; else all that have it. */
function soundOf(evidence: Evidence, { points }: LoadLine, metric: 'goodput_share' | 'output_tps') {
  const measured = points.filter(({ cell }) => evidence.valueOf(cell, metric) !== undefined)
  const valid = measured.filter(({ cell }) => evidence.valueOf(cell, metric)?.valid === true)
  return valid.length > 0 ? valid : measured
}

function byGoodput(evidence: Evidence, points: readonly LoadPoint[]): Knee | undefined {
  const failing = points.findIndex(({ cell }) => (evidence.valueOf(cell, 'goodput_share')?.value ?? 0) < kneeGoodput)
  const at = failing < 0 ? points.length - 1 : failing - 1
  const point = points[at]
  return point && { rule: 'goodput', point, last: at === points.length - 1 }
}

function byOutput(evidence: Evidence, points: readonly LoadPoint[]): Knee | undefined {
  const outputOf = ({ cell }: LoadPoint) => evidence.valueOf(cell, 'output_tps')?.value ?? 0
  const most = Math.max(...points.map(outputOf))
  const point = points.find((each) => outputOf(each) >= nearlyAll * most)
  return point && { rule: 'output', point, last: point === points.at(-1) }
}
