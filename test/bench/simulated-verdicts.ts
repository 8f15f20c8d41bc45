import { blocksNeeded, powerBeyond, powerDetect, powerWithin } from '../../lib/stats/power.ts'
import { hasNumbers, verdictsOnRandom } from '../verdict/random-data-set.ts'
import type { Figure } from './bound.ts'
import { claimsDifference, claimsWithin, margin, type Outcome, percent, simulate } from './simulated-experiment.ts'
import * as noises from './simulated-noise.ts'

const effect = 0.03
const periods = [2, 3, 4, 5, 6, 8, 12, 20]
/** Of the logarithm of the ratio of two launches. */
const deviation = noises.noisePerLaunch * Math.SQRT2

/** How often the verdicts on experiments whose truth is known are wrong, and how often they find what is there. */
export async function simulatedVerdicts(): Promise<Figure[]> {
  return [...withoutEffect(), ...atTheMargin(), ...found(), ...anyData()]
}

const isBeyond = ({ row }: Outcome) => row === 'beyond-margin'
const falsePositives = (noise: noises.Noise) => percent(simulate({ noise }), claimsDifference)
const figure = (what: string, value: number, limit: Figure['limit']): Figure => ({ what, value, unit: '%', limit })

/** A/A: both arms are one. */
function withoutEffect(): Figure[] {
  const one = simulate({ noise: noises.independent, checked: true })
  const swings = (strength: number) =>
    Math.max(...periods.map((period) => falsePositives(noises.swinging(period, strength))))
  return [
    figure('false differences, independent normal noise', percent(one, claimsDifference), { atLeast: 4, atMost: 6 }),
    figure('coverage, independent normal noise', coverage(one, 0), { atLeast: 94, atMost: 96 }),
    figure('coverage of the bootstrap beside it', coverage(one, 0, 'check'), { atLeast: 93, atMost: 97 }),
    figure('false differences, drift of 5 %', falsePositives(noises.drifting), { atMost: 6 }),
    figure('false differences, autocorrelation of 0.8', falsePositives(noises.autocorrelated), { atMost: 6 }),
    figure('false differences, heavy tails', falsePositives(noises.heavyTailed), { atMost: 6 }),
    figure('false differences, the first of a block is faster', falsePositives(noises.firstFaster), { atMost: 6 }),
    figure('false differences, swings as strong as the noise, the worst of eight periods', swings(1), { atMost: 6 }),
    figure('false differences, swings twice as strong, the worst of eight periods', swings(2), { atMost: 7 }),
  ]
}

/** The truth is the margin itself: then neither side of it may be claimed. */
function atTheMargin(): Figure[] {
  const outcomes = simulate({ noise: noises.independent, effect: margin, blocks: 20 })
  return [
    figure('said to be beyond the margin, but at it', percent(outcomes, isBeyond), { atMost: 3 }),
    figure('said to be within the margin, but at it', percent(outcomes, claimsWithin), { atMost: 6 }),
  ]
}

/** There is an effect of 3 %: the verdicts find it as often as the planner promises. */
function found(): Figure[] {
  const log = { effect: Math.log1p(effect), deviation, confidence: 0.95 }
  const promised = (blocks: number) => powerDetect({ ...log, blocks })
  const certain = blocksNeeded(promised, { power: 0.95, most: 1000 }) as number
  const ten = simulate({ noise: noises.independent, effect })
  const beyond = powerBeyond({ ...log, margin: Math.log1p(margin), blocks: 10 })
  const twenty = simulate({ noise: noises.independent, blocks: 20 })
  const within = powerWithin({ ...log, effect: 0, margin: Math.log1p(margin), blocks: 20, confidence: 0.9 })
  return [
    figure('coverage of an effect of 3 %', coverage(ten, effect), { atLeast: 94, atMost: 96 }),
    ...[6, 10, certain, 20].map((blocks) => {
      const outcomes = blocks === 10 ? ten : simulate({ noise: noises.independent, effect, blocks })
      return figure(
        `an effect of 3 % found by ${blocks} blocks`,
        percent(outcomes, claimsDifference),
        around(promised(blocks)),
      )
    }),
    figure('the same shown to be beyond 2 % by 10 blocks', percent(ten, isBeyond), around(beyond)),
    figure('no effect shown to be within 2 % by 20 blocks', percent(twenty, claimsWithin), around(within)),
  ]
}

/** Whatever became of the trials of a plan, each comparison has its row and no number that is none. */
function anyData(): Figure[] {
  const said = Array.from({ length: 500 }, (_, seed) => verdictsOnRandom(seed)).flat()
  const wrong = said.filter((one) => one.verdict.row === undefined || !hasNumbers(one))
  const what = `comparisons of random data sets without a row, of ${said.length}`
  return [{ what, value: wrong.length, unit: 'comparisons', limit: { atMost: 0 } }]
}

/** Three points on either side of what the planner promises. */
const around = (power: number) => ({
  atLeast: Number((100 * power - 3).toFixed(1)),
  atMost: Math.min(100, Number((100 * power + 3).toFixed(1))),
})

/** In how many per cent the interval has the truth in it. */
const coverage = (outcomes: readonly Outcome[], truth: number, which: 'interval' | 'check' = 'interval'): number =>
  percent(outcomes, ({ estimate }) => {
    const interval = estimate[which]
    return interval !== undefined && interval.low <= 1 + truth && 1 + truth <= interval.high
  })
