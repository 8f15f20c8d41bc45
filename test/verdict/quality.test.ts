import { expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import type { MetricComparison } from '../../lib/domain/verdict.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, type Measured, noise, scored } from './compared-fixture.ts'

type Trials = (block: number) => Measured | undefined
function compared(
  a: Trials,
  b: Trials,
  options: { metric?: Metric; blocks?: number; margin?: number } = {},
): MetricComparison {
  const { metric = 'perplexity', blocks = 2, margin = 0.01 } = options
  const workload = metric === 'check_share' ? 'decode' : 'quality'
  const checked = metric === 'check_share' ? { config: withExpected } : {}
  const based = metric === 'kld' || metric === 'top_token_share' ? { config: withBase } : {}
  const arms = [
    { axes: { quantization: 'f16' }, trial: a, ...checked, ...based },
    { axes: { quantization: 'q4_0' }, trial: b, ...checked, ...based },
  ]
  const plan = comparedOf({ arms, blocks, workloads: [workload], margins: [{ metric, margin }] })
  return comparePlan(plan).comparisons[0]?.cells[0]?.metrics[0] as MetricComparison
}
type Config = Parameters<NonNullable<Parameters<typeof comparedOf>[0]['arms'][number]['config']>>[0]
const withBase = (config: Config): Config => ({
  ...config,
  workload: { ...config.workload, base: { quantization: 'f16' } } as unknown as Config['workload'],
})
const withExpected = (config: Config): Config => ({
  ...config,
  workload: {
    ...config.workload,
    prompts: [{ id: 'p1', text: 'def', expected: { includes: ['x'] } }],
  } as unknown as Config['workload'],
})

const draw = noise(9)
/** The chunks of a text differ much, and what a quantization does to each of them little. */
const text = Array.from({ length: 54 }, () => 3 + 0.4 * draw())
const jitter = Array.from({ length: 54 }, () => 0.004 * draw())
const shifted = (by: number) => text.map((nll, i) => nll + by + (jitter[i] as number))

test('perplexity is compared chunk by chunk: one evaluation of each arm would do', () => {
  const { verdict, estimate, repeats, blocks, worse } = compared(
    () => scored(text),
    () => scored(shifted(0.05)),
    { blocks: 1 },
  )
  expect(estimate).toMatchObject({ of: 'chunks', n: 54, scale: 'ratio', pairing: 'paired' })
  expect(estimate?.change).toBeCloseTo(Math.exp(0.05), 2)
  expect(verdict).toEqual({ row: 'beyond-margin' })
  expect(worse).toBe('yes')
  expect(repeats).toEqual({ blocks: 1, launches: 1, differ: { base: 0, against: 0 } })
  expect(blocks).toEqual([])
})

test('not worse: the one-sided bound on the worse side is inside the margin, however much better it may be', () => {
  expect(
    compared(
      () => scored(text),
      () => scored(shifted(0.002)),
    ).worse,
  ).toBe('no')
  expect(
    compared(
      () => scored(text),
      () => scored(shifted(-0.3)),
    ).worse,
  ).toBe('no')
  expect(
    compared(
      () => scored(text),
      () => scored(shifted(0.0099)),
    ).worse,
  ).toBe('open')
  expect(
    compared(
      () => scored(text),
      () => scored(shifted(0.02)),
    ).worse,
  ).toBe('yes')
})

const shares = (share: number) =>
  scored(
    text.map((_, i) => share + 0.001 * (i % 5)),
    'top_token_share',
  )

const sharesBy = (share: number) =>
  compared(
    () => shares(0.9),
    () => shares(share),
    { metric: 'top_token_share' },
  )

test('of a metric that is better higher the other side is the worse', () => {
  expect(sharesBy(0.8)).toMatchObject({ worse: 'yes', estimate: { scale: 'difference' } })
  expect(sharesBy(0.95).worse).toBe('no')
})

test('a second launch shows that it is deterministic, and only then two arms can be equivalent', () => {
  const once = compared(
    () => scored(text),
    () => scored(text),
    { blocks: 1 },
  )
  expect(once.verdict).toEqual({ row: 'unresolved' })
  expect(once.worse).toBe('no')
  const twice = compared(
    () => scored(text),
    () => scored(text),
  )
  expect(twice).toMatchObject({
    verdict: { row: 'equivalent' },
    floor: 0,
    repeats: { launches: 2, differ: { base: 0, against: 0 } },
  })
})

const unsteady: Trials = (block) => scored(text.map((nll) => nll + 0.02 * block))

test('launches that differ are told, and by how much they differ is the noise floor', () => {
  const found = compared(() => scored(text), unsteady)
  expect(found.repeats?.differ.base).toBe(0)
  expect(found.repeats?.differ.against).toBeCloseTo(Math.expm1(0.02), 10)
  expect(found.floor).toBeCloseTo(Math.expm1(0.02), 10)
  expect(found.worse).toBe('open')
  const little = compared(
    () => scored(text),
    (block) => scored(text.map((nll) => nll + 1e-7 * block)),
  )
  expect(little.repeats?.differ.against).toBeGreaterThan(0)
  expect(little.verdict.row).toMatch(/^(equivalent|within-margin-but-different)$/)
})

const busy = (nlls: readonly number[]): Measured => ({
  ...scored(nlls),
  invalid: [
    { reason: 'contention', detail: '' },
    { reason: 'throttled', detail: '' },
  ],
})

test('what disturbs times leaves quality as it is: a busy machine invalidates no perplexity', () => {
  expect(
    compared(
      () => busy(text),
      () => busy(shifted(0.05)),
    ).verdict.row,
  ).toBe('beyond-margin')
})

test('other tokens are another text: a tokenizer that cuts it otherwise is not comparable', () => {
  const { verdict, estimate } = compared(
    () => scored(text),
    () => scored(text.slice(0, 50)),
  )
  expect(verdict).toEqual({
    row: 'not-comparable',
    differences: [{ field: 'workload.text.tokens', base: '13770 in 54 chunks', against: '12750 in 50 chunks' }],
  })
  expect(estimate).toBeUndefined()
})

const nats = (value: number) =>
  scored(
    text.map((_, i) => value * (1 + 0.1 * (i % 7))),
    'kld',
  )

test('KL divergence can be 0, and is compared by differences in nats', () => {
  const found = compared(
    () => nats(0),
    () => nats(0.05),
    { metric: 'kld' },
  )
  expect(found).toMatchObject({
    verdict: { row: 'beyond-margin' },
    worse: 'yes',
    estimate: { scale: 'difference', of: 'chunks' },
  })
  expect(found.estimate?.change).toBeCloseTo(0.065, 2)
})

const answers = (wrong: number): Measured => ({
  metrics: { check_share: { value: 1 - wrong / 40 } },
  samples: { check_share: Array.from({ length: 40 }, (_, i) => ({ id: `p${i}`, sum: i < wrong ? 0 : 2, n: 2 })) },
})

test('checks are compared prompt by prompt', () => {
  const found = compared(
    () => answers(2),
    () => answers(20),
    { metric: 'check_share' },
  )
  expect(found.estimate).toMatchObject({ of: 'prompts', n: 40, scale: 'difference' })
  expect(found.estimate?.change).toBeCloseTo(-0.45, 12)
  expect(found).toMatchObject({ verdict: { row: 'beyond-margin' }, worse: 'yes' })
  expect(
    compared(
      () => answers(2),
      () => answers(2),
      { metric: 'check_share' },
    ).worse,
  ).toBe('open') // 40 prompts do not tell 1 point
})

test('an arm that could not be evaluated has no verdict, and where nothing was, there is none at all', () => {
  const failed: Measured = { status: 'failed', reason: 'out-of-memory' }
  expect(
    compared(
      () => scored(text),
      () => failed,
    ).verdict,
  ).toMatchObject({ row: 'invalid', blocks: 2 })
  expect(
    compared(
      () => scored(text),
      () => ({}),
    ).verdict,
  ).toEqual({ row: 'too-few-blocks', blocks: 0 })
})

test('an evaluation that is still to come is waited for', () => {
  const found = compared(
    () => scored(text),
    (block) => (block === 0 ? scored(text) : { status: 'pending' }),
  )
  expect(found).toMatchObject({ verdict: { row: 'unfinished', waiting: 1, blocks: 2 }, waiting: 1 })
  expect(found.estimate).toBeUndefined()
})

const swinging: Trials = (block) => scored(text.map((nll) => nll + (block === 0 ? 0.02 : -0.02)))

test('launches that differ by more than the margin cannot show that quality is within it, though their mean is', () => {
  expect(compared(() => scored(text), swinging)).toMatchObject({ worse: 'open', verdict: { row: 'unresolved' } })
})
