import type { JsonValue } from '../domain/json.ts'
import { canonicalJson } from './canonical-json.ts'

type Axes = Readonly<Record<string, JsonValue>>

/** Whether an axis says what is asked or when, and so separates no arms. */
function isTask(axis: string): boolean {
  return axis === 'workload' || ['workload.', 'load.', 'warmup.'].some((prefix) => axis.startsWith(prefix))
}

/** The arm and the stratum of a cell, as canonical JSON. Every axis but workload and load is a treatment, so there is one stratum. */
export function armOf(axes: Axes): { arm: string; stratum: string } {
  const treatment = Object.entries(axes).filter(([axis]) => !isTask(axis))
  return { arm: canonicalJson(Object.fromEntries(treatment)), stratum: '{}' }
}
