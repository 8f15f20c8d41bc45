import { expect, test } from 'vitest'
import { scales } from '../../lib/verdict/change-scale.ts'
import { weigh } from '../../lib/verdict/decide.ts'
import { pairedEstimate, studentIntervals } from '../../lib/verdict/estimate.ts'
import { moreBlocks } from '../../lib/verdict/more-blocks.ts'
import { standardDeviation } from '../../lib/stats/mean.ts'
import { noise } from './compared-fixture.ts'

const levels = { interval: 0.95, equivalence: 0.9 }
const { ratio } = scales

function pilot(effect: number, deviation: number, blocks = 10) {
  const draw = noise(21)
  const raw = Array.from({ length: blocks }, draw)
  const [middle, spread] = [raw.reduce((sum, x) => sum + x, 0) / blocks, standardDeviation(raw)]
  const places = raw.map((x) => effect + (deviation * (x - middle)) / spread)
  const estimate = pairedEstimate(places, ratio, { levels, seed: 1 })
  if (estimate === undefined) throw new Error('no estimate')
  return { estimate, deviation }
}

test('a new plan of so many more blocks decides in about 8 of 10 cases, if things are as they were seen', () => {
  const { estimate, ...spread } = pilot(0.02, 0.035)
  const held = { margin: 0.03, floor: 0.01 }
  const more = moreBlocks(estimate, { ...spread, ...held }) as number
  expect(more).toBeGreaterThan(10)
  const draw = noise(33)
  const decided = Array.from({ length: 600 }, () => {
    const places = Array.from({ length: more }, () => 0.02 + 0.035 * draw())
    const found = studentIntervals(places, ratio, levels)
    return found !== undefined && weigh(found, held).row !== 'inconclusive'
  }).filter(Boolean).length
  expect(decided / 600).toBeGreaterThan(0.75)
  expect(decided / 600).toBeLessThan(0.88)
})

test('where nothing can be equivalent only a difference decides, which takes more blocks the smaller it is', () => {
  const few = pilot(0.02, 0.03)
  const many = pilot(0.008, 0.03)
  const more = (of: typeof few) => moreBlocks(of.estimate, { ...of, margin: 0.02 }) as number
  expect(more(many)).toBeGreaterThan(3 * more(few))
  const none = pilot(0.00001, 0.03)
  expect(moreBlocks(none.estimate, { ...none, margin: 0.02 })).toBeUndefined()
  expect(moreBlocks(none.estimate, { ...none, margin: 0.02, floor: 0.03 })).toBeUndefined()
  expect(moreBlocks(none.estimate, { ...none, margin: 0.02, floor: 0.01 })).toBeGreaterThan(5)
})

test('of values without spread nobody can say', () => {
  const { estimate } = pilot(0.01, 0.01)
  expect(moreBlocks(estimate, { deviation: 0, margin: 0.02 })).toBeUndefined()
  expect(moreBlocks(estimate, { deviation: Number.NaN, margin: 0.02 })).toBeUndefined()
})

test('no plan of fewer blocks than a verdict needs is advised', () => {
  const nearly = pilot(0.02, 0.012)
  expect(moreBlocks(nearly.estimate, { ...nearly, margin: 0.05, floor: 0.01 })).toBe(6)
})
