import { expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import type { MetricComparison, Verdict } from '../../lib/domain/verdict.ts'
import { type JointCell, jointVerdict } from '../../lib/verdict/joint.ts'

const interval = { low: 1, high: 1, confidence: 0.95 }
function comparison(
  metric: Metric,
  verdict: Verdict,
  given: Partial<MetricComparison> & { change?: number } = {},
): MetricComparison {
  const { change = 1.1, ...rest } = given
  return {
    metric,
    base: 'a',
    against: 'b',
    declared: true,
    margin: 0.02,
    verdict,
    estimate: { scale: 'ratio', change, interval, equivalence: interval, of: 'blocks', n: 10, pairing: 'paired' },
    blocks: [],
    losses: [],
    waiting: 0,
    ...rest,
  }
}
const withheld = (metric: Metric, verdict: Verdict): MetricComparison => {
  const { estimate: _, ...rest } = comparison(metric, verdict)
  return rest
}
const cell = (metrics: readonly MetricComparison[], lengths?: number): JointCell => ({
  base: 'a',
  against: 'b',
  metrics,
  ...(lengths !== undefined && { lengths }),
})
const beyond: Verdict = { row: 'beyond-margin' }
const faster = comparison('decode_tps', beyond)
const quality = (worse: 'yes' | 'no' | 'open') => comparison('perplexity', { row: 'equivalent' }, { worse })

const outcomeOf = (speed: MetricComparison) => jointVerdict([cell([speed]), cell([quality('no')])]).outcome

test('speed counts where quality is not worse: faster, slower or equivalent', () => {
  expect(outcomeOf(faster)).toBe('faster')
  expect(outcomeOf(comparison('decode_tps', beyond, { change: 0.8 }))).toBe('slower')
  expect(outcomeOf(comparison('ttft_ms', beyond, { change: 0.8 }))).toBe('faster')
  expect(outcomeOf(comparison('ttft_ms', beyond, { change: 1.2 }))).toBe('slower')
  expect(outcomeOf(comparison('decode_tps', { row: 'equivalent' }))).toBe('equivalent')
  expect(outcomeOf(comparison('decode_tps', { row: 'within-margin-but-different' }))).toBe('equivalent')
  for (const row of ['different', 'inconclusive', 'unresolved'] as const)
    expect(outcomeOf(comparison('decode_tps', { row }))).toBe('open')
  expect(outcomeOf(withheld('decode_tps', { row: 'too-few-blocks', blocks: 1 }))).toBe('none')
})

test('worse quality outweighs any speed, an open one leaves it open, and without any, speed stands alone', () => {
  expect(jointVerdict([cell([faster, quality('yes')])])).toEqual({
    outcome: 'quality-worse',
    speed: 'decode_tps',
    quality: 'perplexity',
    beside: [],
  })
  expect(jointVerdict([cell([faster, quality('open')])]).outcome).toBe('quality-open')
  expect(
    jointVerdict([cell([faster, withheld('perplexity', { row: 'invalid', losses: [], blocks: 2 })])]).outcome,
  ).toBe('quality-open')
  expect(jointVerdict([cell([faster])])).toEqual({ outcome: 'quality-unknown', speed: 'decode_tps', beside: [] })
})

test('one quality metric that is worse is enough, whatever others say', () => {
  const all = [faster, quality('no'), comparison('kld', beyond, { worse: 'yes' })]
  expect(jointVerdict([cell(all)])).toMatchObject({ outcome: 'quality-worse', quality: 'kld' })
  expect(jointVerdict([cell([faster, quality('open'), comparison('kld', beyond, { worse: 'yes' })])])).toMatchObject({
    outcome: 'quality-worse',
    quality: 'kld',
  })
})

test('answers of other lengths leave no joint verdict on speed, though a rate has one of its own', () => {
  expect(jointVerdict([cell([faster, quality('no')], 0.82)]).outcome).toBe('lengths-differ')
  expect(jointVerdict([cell([faster, quality('no')], 1.1)]).outcome).toBe('faster')
  expect(jointVerdict([cell([withheld('e2e_ms', { row: 'lengths-differ', change: 0.8 })])]).outcome).toBe(
    'lengths-differ',
  )
})

test('it speaks of the first metric of speed, and tells memory and cost beside it', () => {
  const metrics = [
    comparison('vram_peak_bytes', beyond),
    comparison('ttft_ms', beyond, { change: 0.5 }),
    faster,
    comparison('usd_per_mtok', beyond),
    quality('no'),
    withheld('rss_peak_bytes', { row: 'too-few-blocks', blocks: 0 }),
  ]
  expect(jointVerdict([cell(metrics)])).toEqual({
    outcome: 'faster',
    speed: 'ttft_ms',
    quality: 'perplexity',
    beside: ['vram_peak_bytes', 'usd_per_mtok'],
  })
})

test('loads that do not agree leave speed open, and what is not declared has no say beside what is', () => {
  const slower = comparison('decode_tps', beyond, { change: 0.8 })
  expect(jointVerdict([cell([faster, quality('no')]), cell([slower])]).outcome).toBe('open')
  expect(jointVerdict([cell([faster, quality('no')]), cell([faster])]).outcome).toBe('faster')
  expect(
    jointVerdict([cell([faster, quality('no'), { ...comparison('kld', beyond, { worse: 'yes' }), declared: false }])])
      .outcome,
  ).toBe('faster')
})

test('where no speed was compared there is none to speak of', () => {
  expect(jointVerdict([cell([quality('no')])])).toEqual({ outcome: 'none', quality: 'perplexity', beside: [] })
  expect(jointVerdict([])).toEqual({ outcome: 'none', beside: [] })
})
