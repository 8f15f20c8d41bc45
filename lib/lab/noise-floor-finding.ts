import { existsSync } from 'node:fs'
import { scaleOf } from '../domain/compared-metric.ts'
import type { HostFacts } from '../domain/manifest.ts'
import { factsOf, type Metric } from '../domain/metric.ts'
import { hostClass, type NoiseFloor } from '../domain/noise-floor.ts'
import { percent } from '../domain/percent.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { readNoiseFloors } from '../store/noise-floors.ts'
import { openStore } from '../store/open-store.ts'
import { type Finding, ok } from './finding.ts'

const topic = 'noise floor'
const unknown =
  'not measured on this machine: without it no two arms are called equivalent; an experiment with repeat: { aa: true } measures it (benchbook explain noise-floor)'

/** What this machine cannot tell apart, as far as A/A runs of the store in `file` have measured it. */
export function noiseFloorFinding(file: string, host: HostFacts): Finding {
  const own = floorsIn(file).filter((floor) => floor.host === hostClass(host))
  return ok(topic, own.length === 0 ? unknown : floorTexts(latest(own)).join('; '))
}

/** A store that does not open has a finding of its own. */
function floorsIn(file: string): NoiseFloor[] {
  if (!existsSync(file)) return []
  try {
    using store = openStore({ file, mode: 'read' })
    return readNoiseFloors(store)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return []
  }
}

/** Of each place, metric and number of blocks the one that was measured last. */
const latest = (floors: readonly NoiseFloor[]): NoiseFloor[] => [
  ...new Map(
    floors.map((each) => [JSON.stringify([each.device, each.engine, each.blocks, each.metric]), each] as const),
  ).values(),
]

/** `llama.cpp on local-cpu, 10 blocks: decode_tps 1.2 %, ttft_ms 3.4 % (plan c0ffee000001)`: a text for each A/A run and place. */
export function floorTexts(floors: readonly NoiseFloor[]): string[] {
  const runs = Map.groupBy(floors, ({ device, engine, planId }) => JSON.stringify([device, engine, planId]))
  return [...runs.values()].flatMap((of) => {
    const [first] = of
    if (first === undefined) return []
    const { device, engine, blocks, planId } = first
    const each = of.map(({ metric, floor }) => `${metric} ${floorText(metric, floor)}`).join(', ')
    return [`${plain(engine)} on ${plain(device)}, ${blocks} blocks: ${each} (plan ${planId})`]
  })
}

function floorText(metric: Metric, floor: number): string {
  if (scaleOf(metric) === 'ratio') return percent(floor)
  const { unit } = factsOf(metric)
  return `${Number(floor.toPrecision(2))}${unit === '' ? '' : ` ${unit}`}`
}
