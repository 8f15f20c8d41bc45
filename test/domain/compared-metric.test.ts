import { expect, test } from 'vitest'
import { appliesTo, aspectOf, isShare, scaleOf, usualMargin, usualMetrics } from '../../lib/domain/compared-metric.ts'
import type { CellConfig } from '../../lib/domain/cell.ts'
import { type Metric, metrics } from '../../lib/domain/metric.ts'

const aspects = (of: readonly Metric[]) => of.map(aspectOf)
const names = Object.keys(metrics) as Metric[]
const asking = (kind: CellConfig['workload']['kind'], change: object = {}, engine = 'llama.cpp') => ({
  workload: {
    kind,
    ...(kind === 'chat' && { prompts: [{ id: 'p1', text: 'a' }] }),
    ...change,
  } as CellConfig['workload'],
  backend: { kind: engine } as CellConfig['backend'],
})

test('what can be 0 is compared by differences', () => {
  expect(scaleOf('decode_tps')).toBe('ratio')
  expect(scaleOf('error_rate')).toBe('difference')
})

test('a metric is about speed, quality, memory or cost; how the client did is about none of them', () => {
  expect(aspects(['decode_tps', 'ttft_ms', 'goodput', 'goodput_share'])).toEqual(Array(4).fill('speed'))
  expect(aspects(['perplexity'])).toEqual(['quality'])
  expect(aspects(['rss_peak_bytes', 'vram_peak_bytes'])).toEqual(Array(2).fill('memory'))
  expect(aspects(['usd_per_mtok', 'per_usd', 'j_per_token', 'power_w'])).toEqual(Array(4).fill('cost'))
  expect(aspects(['send_lag_ms', 'loop_delay_ms', 'error_rate'])).toEqual(Array(3).fill('other'))
})

test('the usual margin is 5 % of a first token, 1 % of quality, else 2 %; of a difference with a unit there is none', () => {
  expect(usualMargin('ttft_scheduled_ms')).toBe(0.05)
  expect(usualMargin('perplexity')).toBe(0.01)
  expect(usualMargin('tpot_ms')).toBe(0.02)
  expect(usualMargin('goodput_share')).toBe(0.01)
  expect(usualMargin('power_w')).toBeUndefined()
  for (const name of names.filter((each) => scaleOf(each) === 'ratio' || isShare(each)))
    expect(usualMargin(name)).toBeGreaterThan(0)
})

test('a cell can have what it asks for', () => {
  expect(names.filter((name) => appliesTo(name, asking('perplexity')))).toEqual(
    names.filter(
      (name) => name === 'perplexity' || (appliesTo(name, asking('chat')) && appliesTo(name, asking('prefill-decode'))),
    ),
  )
  expect(appliesTo('tg_tps', asking('prefill-decode'))).toBe(true)
  expect(appliesTo('tg_tps', asking('chat'))).toBe(false)
  expect(appliesTo('perplexity', asking('chat'))).toBe(false)
  expect(appliesTo('decode_tps', asking('completion', { prompts: [] }))).toBe(true)
})

test('divergence needs a base, of which vLLM tells the likeliest tokens only; checks need a prompt that expects something', () => {
  const quality = (config: ReturnType<typeof asking>) =>
    names.filter((name) => aspectOf(name) === 'quality' && appliesTo(name, config))
  expect(quality(asking('perplexity'))).toEqual(['perplexity'])
  const all = ['perplexity', 'ppl_ratio', 'kld', 'kld_median', 'kld_p99', 'kld_max', 'top_token_share', 'p_change_rms']
  expect(quality(asking('perplexity', { base: 'f16' }))).toEqual(all)
  expect(quality(asking('perplexity', { base: 'bf16' }, 'vllm-offline'))).toEqual([
    'perplexity',
    'ppl_ratio',
    'kld_at_least',
    'top_token_share',
    'p_change_rms',
  ])
  expect(quality(asking('chat'))).toEqual([])
  expect(quality(asking('chat', { prompts: [{ id: 'p1', text: 'a', expected: { exact: 'b' } }] }))).toEqual([
    'check_share',
  ])
})

test('with a base its divergence is compared too', () => {
  const load = { kind: 'closed', clients: 1, requests: 1 } as const
  expect(usualMetrics({ ...asking('perplexity'), load })).toEqual(['perplexity'])
  expect(usualMetrics({ ...asking('perplexity', { base: 'f16' }), load })).toEqual(['perplexity', 'kld'])
})
