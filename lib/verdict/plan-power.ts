import { isShare } from '../domain/compared-metric.ts'
import { factsOf } from '../domain/metric.ts'
import { mostBlocks, type Plan } from '../domain/plan.ts'
import type { MetricComparison, PlanVerdicts, Scale } from '../domain/verdict.ts'
import { mean, standardDeviation } from '../stats/mean.ts'
import { blocksNeeded, powerBeyond, powerDetect } from '../stats/power.ts'
import { simultaneousLevels } from '../stats/simultaneous.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { scaleOfMetric } from './change-scale.ts'
import { leastBlocks } from './decide.ts'
import { declaredNumber, wantedOf } from './wanted.ts'

/** How often an effect that is there is to be shown. */
const powers = [0.8, 0.95]

/** How many blocks show it so often; absent where more would be needed than a plan may have. */
export type Need = { power: number; blocks?: number }

/** What one comparison of a plan needs. */
export type PlannedPower = Pick<MetricComparison, 'metric' | 'base' | 'against' | 'margin'> &
  (
    | {
        kind: 'planned'
        scale: Scale
        /** The effect on that scale: B / A, or B - A in the metric's unit. */
        change: number
        /** How far a block's value lies from the others': their standard deviation, of ratios that of the logarithms. */
        deviation: number
        /** From so many blocks of the pilot. */
        pilotBlocks: number
        /** The pilot's noise floor, where it is above the margin: then that is what has to be exceeded. */
        floor?: number
        /** The interval excludes no change. */
        found: readonly Need[]
        /** The interval lies wholly beyond the margin or that floor; absent where the effect does not. */
        beyond?: readonly Need[]
      }
    /**
     * `samples`: its interval is over chunks or prompts, so that blocks say nothing more; `pilot`: the pilot has no two blocks of it;
     * `no-scale`: an effect in per cent says nothing of it, since it is a difference and A's value is 0.
     */
    | { kind: 'unplanned'; why: 'samples' | 'pilot' | 'no-scale' }
  )

/**
 * How many blocks each declared comparison of a plan needs to show an effect (a share: 0.03 is 3 %, of metrics that are shares
 * themselves 3 points), if blocks vary as those of the pilot do. No verdict is given on fewer than six.
 */
export function planPower(plan: Plan, pilot: PlanVerdicts, effect: number): PlannedPower[] {
  const { interval: confidence } = simultaneousLevels(Math.max(1, declaredNumber(plan)))
  const seen = pilot.comparisons.flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics))
  return wantedOf(plan, {}).flatMap(({ cells }) =>
    cells.flatMap(({ base: { id: base }, against: { id: against }, metrics }) =>
      metrics.map(({ metric, margin }): PlannedPower => {
        const head = { metric, base, against, margin }
        if (factsOf(metric).samples !== undefined) return { ...head, kind: 'unplanned', why: 'samples' }
        const same = seen.find((one) => one.metric === metric && one.base === base && one.against === against)
        const noise = same && noiseOf(same)
        if (noise === undefined) return { ...head, kind: 'unplanned', why: 'pilot' }
        const change = changeOf({ ...head, effect, pilot: same as MetricComparison })
        if (change === undefined) return { ...head, kind: 'unplanned', why: 'no-scale' }
        return {
          ...head,
          kind: 'planned',
          ...needs({ ...head, change, confidence, ...noise, floor: same?.floor ?? 0 }),
        }
      }),
    ),
  )
}

type Noise = { deviation: number; pilotBlocks: number }

/** How much blocks vary: by their values, or, of arms that share no block, by what the interval says of it. */
function noiseOf({ metric, blocks, estimate }: MetricComparison): Noise | undefined {
  const { place } = scaleOfMetric(metric)
  if (blocks.length > 1) {
    const places = blocks.map(({ change }) => place(change) as number)
    return { deviation: standardDeviation(places), pilotBlocks: blocks.length }
  }
  if (estimate?.pairing !== 'unpaired') return undefined
  const { interval, n } = estimate
  const [low, high] = [place(interval.low), place(interval.high)]
  if (low === undefined || high === undefined) return undefined
  // Welch's degrees of freedom are 2 n - 2 at most: with fewer of them the deviation would be smaller.
  const t = studentTQuantile((1 + interval.confidence) / 2, 2 * n - 2)
  return { deviation: ((high - low) / 2 / t) * Math.sqrt(n), pilotBlocks: n }
}

/** The effect as a change on the metric's scale. */
function changeOf({
  metric,
  effect,
  pilot: { blocks },
}: Pick<MetricComparison, 'metric'> & { effect: number; pilot: MetricComparison }): number | undefined {
  if (scaleOfMetric(metric).name === 'ratio') return 1 + effect
  if (isShare(metric)) return effect
  const usual = Math.abs(mean(blocks.map(({ base }) => base)))
  return usual > 0 ? effect * usual : undefined
}

function needs({
  metric,
  change,
  confidence,
  deviation,
  pilotBlocks,
  ...held
}: Noise & Pick<MetricComparison, 'metric' | 'margin'> & { change: number; confidence: number; floor: number }) {
  const { name: scale, place, reach } = scaleOfMetric(metric)
  const known = { effect: place(change) as number, deviation, confidence }
  const margin = reach(Math.max(held.margin, held.floor))
  return {
    scale,
    change,
    deviation,
    pilotBlocks,
    ...(held.floor > held.margin && { floor: held.floor }),
    found: eachNeed((blocks) => powerDetect({ ...known, blocks })),
    // 1 + 0.02 is a little more than 1.02.
    ...(known.effect > margin * (1 + 1e-9) && {
      beyond: eachNeed((blocks) => powerBeyond({ ...known, margin, blocks })),
    }),
  }
}

function eachNeed(powerOf: (blocks: number) => number): Need[] {
  return powers.map((power) => {
    const blocks = blocksNeeded(powerOf, { power, most: mostBlocks })
    return { power, ...(blocks !== undefined && { blocks: Math.max(leastBlocks, blocks) }) }
  })
}
