import type { ArmDifference, BlockLoss, Estimate, Verdict } from '../domain/verdict.ts'
import { scales } from './change-scale.ts'

/** All that a verdict follows from. */
export type Case = {
  /** The arms were measured in different plans. */
  apart: boolean
  differences: readonly ArmDifference[]
  /** All planned blocks, and what came of them. */
  blocks: number
  losses: readonly BlockLoss[]
  /** Blocks in which something was lost that counts as invalid or failed: of arms apart, of the arm that lost more. */
  lost: number
  waiting: number
  /** Blocks that both arms have. */
  valid: number
  /** Fewer than six blocks are too few; a quality metric needs one evaluation of each arm. */
  leastBlocks: number
  /** Shares of requests that failed; absent of a metric that counts failures itself. */
  errors?: { base: number; against: number }
  /** Tokens of B's answers / A's; absent but for an end-to-end metric. */
  lengths?: number
  estimate?: Estimate
  margin: number
  floor?: number
}

/** Wherever a block is more than this share of what it is held to, too much was lost. */
const mostLost = 0.2
const mostErrorsApart = 0.01
const mostLengthsApart = 0.1
/** So many valid blocks a verdict needs. */
export const leastBlocks = 6

/** The verdict by the table of STATISTICS in the design: the first row that fits. How many more blocks would decide is the caller's to say. */
export function decide(facts: Case): Verdict {
  return withheld(facts) ?? weighed(facts)
}

/** Why nothing is said of the change at all: then nothing is estimated either. `undefined` where nothing speaks against it. */
export function withheld({ apart, differences, blocks, losses, lost, waiting, ...facts }: Case): Verdict | undefined {
  if (apart) return { row: 'measured-apart' }
  if (differences.length > 0) return { row: 'not-comparable', differences }
  if (lost > mostLost * blocks) return { row: 'invalid', losses, blocks }
  if (waiting > 0) return { row: 'unfinished', waiting, blocks }
  const { errors, lengths } = facts
  if (errors !== undefined && isBeyond(Math.abs(errors.against - errors.base), mostErrorsApart))
    return { row: 'error-rates', ...errors }
  if (lengths !== undefined && isBeyond(Math.abs(lengths - 1), mostLengthsApart))
    return { row: 'lengths-differ', change: lengths }
  if (facts.valid < facts.leastBlocks) return { row: 'too-few-blocks', blocks: facts.valid }
  return undefined
}

/** Of what has no estimate nothing can be said: too few chunks for a bootstrap. */
export const weighed = ({ estimate, ...held }: Pick<Case, 'estimate' | 'margin' | 'floor'>): Verdict =>
  estimate === undefined ? { row: 'inconclusive' } : weigh(estimate, held)

/** What an estimate says, held to its margin and to the noise floor. */
export function weigh(
  { scale, interval, equivalence }: Pick<Estimate, 'scale' | 'interval' | 'equivalence'>,
  { margin, floor }: { margin: number; floor?: number },
): Verdict {
  const { place, reach } = scales[scale]
  const line = ({ low, high }: { low: number; high: number }) => ({
    low: place(low) ?? -Infinity,
    high: place(high) ?? Infinity,
  })
  const [wide, narrow] = [line(interval), line(equivalence)]
  const most = reach(Math.max(margin, floor ?? 0))
  const differs = wide.low > 0 || wide.high < 0
  if (wide.low > most || wide.high < -most) return { row: 'beyond-margin' }
  if (narrow.low > -reach(margin) && narrow.high < reach(margin)) {
    if (floor === undefined || floor > margin) return { row: 'unresolved', ...(floor !== undefined && { floor }) }
    return { row: differs ? 'within-margin-but-different' : 'equivalent' }
  }
  return { row: differs ? 'different' : 'inconclusive' }
}

// 1.1 - 1 is a little more than 0.1: what lies on the edge is not beyond it.
const isBeyond = (apart: number, most: number) => apart > most + 1e-9
