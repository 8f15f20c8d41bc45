import type { Estimate } from '../domain/verdict.ts'
import { blocksNeeded, powerDecide, powerDetect } from '../stats/power.ts'
import { scales } from './change-scale.ts'
import { leastBlocks } from './decide.ts'

/** In so many of all new experiments that number of blocks would decide. */
const power = 0.8
const most = 1000

/**
 * About how many blocks more it would take to be decided, one way or the other, if the true change and its spread are those seen here:
 * in 8 of 10 plans of so many blocks. They are all blocks of that new plan, to which those seen here do not belong. Without a known noise floor inside the margin nothing can be equivalent, so that only a
 * difference decides. `undefined` where even 1000 blocks would not.
 */
export function moreBlocks(
  { scale, change, interval, equivalence }: Pick<Estimate, 'scale' | 'change' | 'interval' | 'equivalence'>,
  options: { deviation: number; margin: number; floor?: number },
): number | undefined {
  const { place, reach } = scales[scale]
  const effect = place(change)
  const { deviation, floor } = options
  if (effect === undefined || !(deviation > 0)) return undefined
  const margin = reach(options.margin)
  const known = { effect, deviation, confidence: interval.confidence }
  const canBeEquivalent = floor !== undefined && floor <= options.margin
  const powerOf = (n: number) =>
    canBeEquivalent
      ? powerDecide({ ...known, blocks: n, margin, equivalence: equivalence.confidence })
      : powerDetect({ ...known, blocks: n })
  const needed = blocksNeeded(powerOf, { power, most })
  return needed === undefined ? undefined : Math.max(leastBlocks, needed)
}
