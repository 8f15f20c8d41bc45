import { expect, test } from 'vitest'
import { bestOf, measuredOf } from '../../lib/report/best-values.ts'

const found = (value: number, half?: number, valid = true) => ({
  value,
  valid,
  n: 3,
  points: [],
  ...(half !== undefined && { interval: { low: value - half, high: value + half } }),
})
const best = (values: readonly ReturnType<typeof found>[], metric: 'decode_tps' | 'perplexity' = 'decode_tps') => {
  const all = values.map((value) => measuredOf(metric, value))
  const marked = bestOf(all, metric === 'perplexity' ? 'lower' : 'higher')
  return all.map((each) => marked.has(each))
}

test('the best is marked with what its interval does not tell from it', () => {
  expect(best([found(100, 1), found(50, 1), found(99, 1)])).toEqual([true, false, true])
})

test('nothing is marked where nothing is told apart: intervals that overlap, or one launch', () => {
  expect(best([found(100, 60), found(50, 1)])).toEqual([false, false])
  expect(best([found(100), found(50)])).toEqual([false, false])
})

test('an invalid value neither is the best nor keeps another from it', () => {
  expect(best([found(500, 1, false), found(100, 1), found(50, 1)])).toEqual([false, true, false])
})

test('what timing does not touch is told by one launch, to the digits that are shown', () => {
  expect(best([found(15.39), found(15.81), found(15.3901)], 'perplexity')).toEqual([true, false, true])
})
