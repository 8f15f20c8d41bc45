import { separatesArms } from '../domain/axis.ts'
import type { JsonValue } from '../domain/json.ts'
import { canonicalJson } from '../domain/canonical-json.ts'

type Axes = Readonly<Record<string, JsonValue>>

/**
 * The arm and the stratum of a cell, as canonical JSON: its values of the treatment axes, and of those that are neither
 * treatment nor workload nor load. Where no treatment is declared, every axis but workload and load is one.
 */
export function armOf(axes: Axes, treatment?: readonly string[]): { arm: string; stratum: string } {
  const settings = Object.entries(axes).filter(([axis]) => separatesArms(axis))
  const isTreatment = (axis: string) => treatment?.includes(axis) ?? true
  const [arm, stratum] = [true, false].map((wanted) =>
    canonicalJson(Object.fromEntries(settings.filter(([axis]) => isTreatment(axis) === wanted))),
  )
  return { arm: arm as string, stratum: stratum as string }
}
