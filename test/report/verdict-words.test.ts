import { beforeAll, describe, expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import type { BlockLoss, MetricComparison } from '../../lib/domain/verdict.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { verdictSentence } from '../../lib/report/verdict-words.ts'
import { type Words, wordsOf } from '../../lib/report/words.ts'
import { differenceOf, metricOf, ratioOf } from './compared-fixture.ts'

const names = { base: 'A', against: 'B' }
let english: Words
let korean: Words
beforeAll(async () => {
  english = wordsOf((await loadTemplates()).strings)
  korean = wordsOf((await loadTemplates(undefined, 'ko')).strings)
})
const spaced = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll('\u2212', '-')
const said = (change: Partial<MetricComparison>, metric: Metric = 'decode_tps') =>
  spaced(verdictSentence(metricOf(metric, change), names, english))

const failures = Array.from({ length: 10 }, (_, block): BlockLoss => {
  return { block, arm: 'against', why: { status: 'failed', reason: 'out-of-memory' } }
})
const throttled = (['base', 'against', 'against', 'base', 'base'] as const).map((arm, at): BlockLoss => {
  return { block: Math.min(at, 3), arm, why: { status: 'invalid', reason: 'throttled' } }
})

/** Every row of the decision table of STATISTICS in the design, with its numbers: its words are fixed. */
const rows: Record<string, Partial<MetricComparison>> = {
  'No verdict: measured apart; run both as arms of one plan.': { verdict: { row: 'measured-apart' } },
  'Not comparable: engine build and KV-cache type differ.': {
    verdict: {
      row: 'not-comparable',
      differences: ['engine.build', 'engine.settings.kv_cache_dtype'].map((field) => ({
        field,
        base: 'a',
        against: 'b',
      })),
    },
  },
  'Not comparable: engine.settings.some differs.': {
    verdict: { row: 'not-comparable', differences: [{ field: 'engine.settings.some', base: 'a', against: 'b' }] },
  },
  'Invalid: throttled in 4 of 10 blocks.': { verdict: { row: 'invalid', losses: throttled, blocks: 10 } },
  'B failed in 10 of 10 blocks: out of memory.': { verdict: { row: 'invalid', losses: failures, blocks: 10 } },
  'Invalid: B failed in 1 of 5 blocks: out of memory; throttled in 4 of 5 blocks.': {
    verdict: { row: 'invalid', losses: [...failures.slice(4, 5), ...throttled], blocks: 5 },
  },
  'No verdict yet: 4 of 10 blocks are still to run.': { verdict: { row: 'unfinished', waiting: 4, blocks: 10 } },
  'B failed 12 % of its requests; speed is not compared.': { verdict: { row: 'error-rates', base: 0, against: 0.12 } },
  'A failed 12 % of its requests, B 3.0 %; speed is not compared.': {
    verdict: { row: 'error-rates', base: 0.12, against: 0.03 },
  },
  'Withheld: B’s answers are 18 % shorter.': { verdict: { row: 'lengths-differ', change: 0.82 } },
  'Withheld: B’s answers are 25 % longer.': { verdict: { row: 'lengths-differ', change: 1.25 } },
  'No verdict: 1 block.': { verdict: { row: 'too-few-blocks', blocks: 1 } },
  'No verdict: 5 blocks.': { verdict: { row: 'too-few-blocks', blocks: 5 } },
  'B is faster by 7.4 % (95 % CI 5.1 to 9.8), beyond the 2 % margin.': { estimate: ratioOf(1.074, 1.051, 1.098) },
  'B is slower by 7.4 % (95 % CI 5.1 to 9.8), beyond the 2 % margin.': { estimate: ratioOf(0.926, 0.902, 0.949) },
  'B is faster by 7.4 % (95 % CI 5.1 to 9.8), beyond the 2 % margin and the noise floor of 3.1 %.': {
    estimate: ratioOf(1.074, 1.051, 1.098),
    floor: 0.031,
  },
  'Inconclusive: this target cannot resolve 2 % (its noise floor is 3.1 %).': {
    verdict: { row: 'unresolved', floor: 0.031 },
    estimate: ratioOf(1.002, 0.99, 1.01),
  },
  'Inconclusive: whether this target can resolve 2 % is not known (its noise floor was not measured).': {
    verdict: { row: 'unresolved' },
    estimate: ratioOf(1.002, 0.99, 1.01),
  },
  'Different, but by less than the 2 % margin: +0.7 % (0.3 to 1.1).': {
    verdict: { row: 'within-margin-but-different' },
    estimate: ratioOf(1.007, 1.003, 1.011),
  },
  'Different, but by less than the 2 % margin: -0.7 % (-1.1 to -0.3).': {
    verdict: { row: 'within-margin-but-different' },
    estimate: ratioOf(0.993, 0.989, 0.997),
  },
  'Equivalent within 2 % (90 % CI -0.8 to +1.1).': {
    verdict: { row: 'equivalent' },
    estimate: ratioOf(1.001, 0.99, 1.013, { equivalence: { low: 0.992, high: 1.011, confidence: 0.9 } }),
  },
  'B is faster by 2.2 % (0.4 to 4.1); whether by more than 2 % is open.': {
    verdict: { row: 'different' },
    estimate: ratioOf(1.022, 1.004, 1.041),
  },
  'B is faster by 2.9 % (1.4 to 4.4); whether by more than the noise floor of 3.1 % is open.': {
    verdict: { row: 'different' },
    estimate: ratioOf(1.029, 1.014, 1.044),
    floor: 0.031,
  },
  'Inconclusive: -1.0 to +6.2 %; about 18 more blocks would decide.': {
    verdict: { row: 'inconclusive', moreBlocks: 18 },
    estimate: ratioOf(1.026, 0.99, 1.062),
  },
  'Inconclusive: -1.0 to +6.2 %; about 1 more block would decide.': {
    verdict: { row: 'inconclusive', moreBlocks: 1 },
    estimate: ratioOf(1.026, 0.99, 1.062),
  },
  'Inconclusive: -1.0 to +6.2 %.': { verdict: { row: 'inconclusive' }, estimate: ratioOf(1.026, 0.99, 1.062) },
  'No verdict: too little of decode was measured of both.': { verdict: { row: 'inconclusive' } },
}

test.each(Object.entries(rows))('%s', (sentence, change) => {
  expect(said(change)).toBe(sentence)
})

test('never says that there is no difference', () => {
  for (const change of Object.values(rows)) expect(said(change)).not.toMatch(/no difference|the same|identical/i)
})

const verbs: [Metric, number, string][] = [
  ['ttft_ms', 0.9, 'B is faster by 10.0 %'],
  ['ttft_ms', 1.1, 'B is slower by 10.0 %'],
  ['output_tps', 0.9, 'B is slower by 10.0 %'],
  ['pss_peak_bytes', 0.9, 'B uses 10.0 % less'],
  ['energy_j', 1.1, 'B uses 10.0 % more'],
  ['usd_per_mtok', 1.1, 'B costs 10.0 % more'],
  ['per_usd', 1.1, 'B is better by 10.0 %'],
  ['perplexity', 1.1, 'B is worse by 10.0 %'],
  ['effective_bpw', 0.9, 'B is lower by 10.0 %'],
]
test.each(verbs)('the verb follows the metric: %s × %d: %s', (metric, change, words) => {
  const text = said({ estimate: ratioOf(change, change - 0.03, change + 0.03) }, metric)
  expect(text).toContain(`${words} (95 % CI 7.0 to 13.0)`)
})

describe('numbers', () => {
  test('a share differs by points, which its margin is in, too', () => {
    const change = { estimate: differenceOf(-0.052, -0.071, -0.033), margin: 0.01 }
    expect(said(change, 'goodput_share')).toBe(
      'B is worse by 5.2 points (95 % CI 3.3 to 7.1), beyond the 1 point margin.',
    )
  })

  test('another difference is in the unit of its metric', () => {
    expect(said({ estimate: differenceOf(12.4, 10.2, 14.6), margin: 5 }, 'power_w')).toBe(
      'B uses 12.4 W more (95 % CI 10.2 to 14.6), beyond the 5 W margin.',
    )
  })

  test('a wide interval takes decimals away, a narrow one gives more', () => {
    expect(said({ estimate: ratioOf(1.34, 1.2, 1.47) })).toContain('by 34 % (95 % CI 20 to 47)')
    expect(said({ estimate: ratioOf(1.3456, 1.3452, 1.346) })).toContain('by 34.56 % (95 % CI 34.52 to 34.60)')
  })

  test('no end of an interval is rounded to what it is held against', () => {
    expect(said({ estimate: ratioOf(1.05, 1.0204, 1.08) })).toContain('(95 % CI 2.04 to 8.00), beyond the 2 % margin')
    expect(said({ estimate: ratioOf(1.022, 1.0002, 1.041), verdict: { row: 'different' } })).toContain('(0.02 to 4.10)')
  })

  test('what is the same in every block has no digits of noise', () => {
    expect(said({ estimate: ratioOf(0.28125, 0.28125, 0.28125) }, 'model_bytes')).toContain('B uses 71.9 % less')
  })

  test('an interval without an end says so', () => {
    const change = { verdict: { row: 'inconclusive' as const }, estimate: ratioOf(1.1, 0.9, Infinity) }
    expect(said(change)).toMatch(/Inconclusive: -10(\.\d)? to \+∞ %/)
  })
})

test('names of arms are text: what looks like a place to be filled stays as it is', () => {
  const hostile = { base: '{change}', against: '{margin} <b>' }
  const text = verdictSentence(metricOf('decode_tps', { estimate: ratioOf(1.074, 1.051, 1.098) }), hostile, english)
  expect(spaced(text)).toMatch(/^\{margin\} <b> is faster by 7\.4 %/)
})

const numbers = (of: string) => (of.match(/[-+]?\d+(?:\.\d+)?/g) ?? []).map(Number).toSorted((a, b) => a - b)

test('every sentence is there in Korean, with the same numbers', () => {
  for (const [sentence, change] of Object.entries(rows)) {
    const text = spaced(verdictSentence(metricOf('decode_tps', change), names, korean))
    expect(text).toMatch(/\p{Script=Hangul}.*\.$/u)
    expect(numbers(text), text).toEqual(numbers(sentence))
  }
})
