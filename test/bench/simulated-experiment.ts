import { randomSequence } from '../../lib/domain/seeded.ts'
import type { Estimate, VerdictRow } from '../../lib/domain/verdict.ts'
import { balancedOrders } from '../../lib/experiment/launch-order.ts'
import { simultaneousLevels } from '../../lib/stats/simultaneous.ts'
import { scales } from '../../lib/verdict/change-scale.ts'
import { decide, leastBlocks } from '../../lib/verdict/decide.ts'
import { pairedEstimate, studentIntervals } from '../../lib/verdict/estimate.ts'
import type { Noise } from './simulated-noise.ts'

export type Simulated = {
  noise: Noise
  /** By which share B is really above A. */
  effect?: number
  blocks?: number
  experiments?: number
  /** With the bootstrap beside the interval, which decides nothing and takes most of the time. */
  checked?: true
}
export type Outcome = { row: VerdictRow; estimate: Estimate }

export const margin = 0.02
const levels = simultaneousLevels(1)

/**
 * Experiments of two arms, by the planner's own orders and the functions that decide: what each was said to show. The noise
 * floor is known and below the margin, so that nothing is withheld.
 */
export function simulate({ noise, effect = 0, blocks = 10, experiments = 10_000, checked }: Simulated): Outcome[] {
  const random = randomSequence(8)
  return Array.from({ length: experiments }, (_, experiment) => {
    const orders = balancedOrders([['base', 'against']], blocks, experiment)
    const launches = noise(2 * blocks, random)
    const places = orders.map(([first], block) => {
      const [earlier, later] = [launches[2 * block] as number, launches[2 * block + 1] as number]
      return Math.log1p(effect) + (first === 'against' ? earlier - later : later - earlier)
    })
    const estimate = checked ? pairedEstimate(places, scales.ratio, { levels, seed: experiment }) : withoutCheck(places)
    if (estimate === undefined) throw new Error('no estimate')
    const facts = { apart: false, differences: [], losses: [], lost: 0, waiting: 0, valid: blocks, leastBlocks }
    const { row } = decide({ ...facts, blocks, estimate, margin, floor: margin / 2 })
    return { row, estimate }
  })
}

function withoutCheck(places: readonly number[]): Estimate | undefined {
  const intervals = studentIntervals(places, scales.ratio, levels)
  return intervals && { ...intervals, of: 'blocks', n: places.length, pairing: 'paired' }
}

/** In how many per cent of the experiments something was the case. */
export const percent = (outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): number =>
  (100 * outcomes.filter(is).length) / outcomes.length

const claims = new Set<VerdictRow>(['beyond-margin', 'different', 'within-margin-but-different'])
/** Whether it says that there is a difference. */
export const claimsDifference = ({ row }: Outcome): boolean => claims.has(row)

const within = new Set<VerdictRow>(['equivalent', 'within-margin-but-different'])
export const claimsWithin = ({ row }: Outcome): boolean => within.has(row)
