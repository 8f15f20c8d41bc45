import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../lib/domain/canonical-json.ts'
import type { JsonValue } from '../../lib/domain/json.ts'
import type { Metric } from '../../lib/domain/metric.ts'
import { committedPlan } from './committed-plan.ts'

type Comparison = {
  axis: string
  base: JsonValue
  against: JsonValue
  blocks: number
  margins: Partial<Record<Metric, number>>
}
const answers = { decode_tps: 0.02, ttft_ms: 0.05 }
const whole = { perplexity: 0.01, pss_peak_bytes: 0.05 }

/** Each file that compares: what the treatment is, and what is declared of it. */
const comparisons: Readonly<Record<string, Comparison>> = {
  'ab-awq.yaml': {
    axis: 'quantization',
    base: 'bf16',
    against: 'awq',
    blocks: 6,
    margins: { ...answers, ...whole },
  },
  'ab-flash-attention.yaml': {
    axis: 'backend.flashAttention',
    base: false,
    against: true,
    blocks: 10,
    margins: { tg_tps: 0.02, pp_tps: 0.02, perplexity: 0.01 },
  },
  'ab-ollama.yaml': {
    axis: 'backend',
    base: 'llama-server',
    against: 'ollama',
    blocks: 10,
    margins: { ...answers, pss_peak_bytes: 0.05 },
  },
  'ab-q4_0.yaml': {
    axis: 'quantization',
    base: 'f16',
    against: 'q4_0',
    blocks: 10,
    margins: { decode_tps: 0.02, perplexity: 0.01, kld: 0.01, pss_peak_bytes: 0.05 },
  },
  'ab-threads.yaml': {
    axis: 'backend.threads',
    base: 1,
    against: 2,
    blocks: 10,
    margins: { decode_tps: 0.02, ...whole },
  },
  'ab-vllm-transformers.yaml': {
    axis: 'backend',
    base: 'transformers',
    against: 'vllm',
    blocks: 6,
    margins: { ...answers, ...whole },
  },
}

test('every file that compares is known here', () => {
  expect(readdirSync('experiments').filter((name) => name.startsWith('ab-'))).toEqual(Object.keys(comparisons))
})

test.each(Object.entries(comparisons))(
  '%s declares one pair, its metrics and margins, and leaves no cell out where the engines are there',
  async (name, { axis, base, against, blocks, margins }) => {
    const plan = await committedPlan(name, 2)
    expect(plan.skipped.filter(({ reason }) => reason !== 'excluded')).toEqual([])
    expect(plan.blocks).toBe(blocks)
    expect(plan.compare?.treatment).toEqual([axis])
    expect(plan.compare?.pairs).toEqual([
      { base: canonicalJson({ [axis]: base }), against: canonicalJson({ [axis]: against }) },
    ])
    expect(plan.compare?.margins.map(({ metric, margin }) => [metric, margin])).toEqual(Object.entries(margins))
  },
)

test.each(Object.entries(comparisons))('%s asks both arms the same, of the same model', async (name, { axis }) => {
  const { cells } = await committedPlan(name, 2)
  const asked = (arm: string) =>
    cells
      .filter((cell) => cell.arm === arm)
      .map(({ stratum, axes }) => canonicalJson([stratum, axes['workload'] ?? '']))
  const [one = '', other = ''] = new Set(cells.map(({ arm }) => arm))
  expect([one, other].map((arm) => Object.keys(JSON.parse(arm) as object))).toEqual([[axis], [axis]])
  expect(asked(one)).toEqual(asked(other))
})
