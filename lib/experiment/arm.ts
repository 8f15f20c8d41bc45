import { isTaskAxis } from '../domain/axis.ts'
import type { JsonValue } from '../domain/json.ts'
import { canonicalJson } from './canonical-json.ts'

type Axes = Readonly<Record<string, JsonValue>>

/** The arm and the stratum of a cell, as canonical JSON. Every axis but workload and load is a treatment, so there is one stratum. */
export function armOf(axes: Axes): { arm: string; stratum: string } {
  const treatment = Object.entries(axes).filter(([axis]) => !isTaskAxis(axis))
  return { arm: canonicalJson(Object.fromEntries(treatment)), stratum: '{}' }
}
