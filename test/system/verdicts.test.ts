import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArmComparison, PlanVerdicts, VerdictRow } from '../../lib/domain/verdict.ts'
import { handicapVariable } from '../../lib/worker/handicap.ts'
import { type Ended, Lab } from './lab.ts'
import { isBusy, latestVerdicts, ofStratum, onMetric, skipBusy, untilQuiet } from './verdicts-of.ts'

const committed = (name: string) => readFileSync(new URL(`../../experiments/${name}`, import.meta.url), 'utf8')
/** The rows that say in which direction the arms differ. */
const different: readonly VerdictRow[] = ['beyond-margin', 'different', 'within-margin-but-different']

// One engine under two names; it is the second that a test holds back.
const same = `
name: same
axes: { model: [random-50m], quantization: [q4_0], backend: [a, b], workload: [decode] }
backends: { a: { kind: llama.cpp }, b: { kind: llama.cpp } }
overrides: [{ set: { workload.sampling.maxTokens: 48 } }]
load: { requests: 3 }
repeat: { blocks: 8 }
compare:
  treatment: [backend]
  pairs: [{ base: { backend: a }, against: { backend: b } }]
  metrics: { decode_tps: 2% }
`

const lab = new Lab({
  'ab-threads.yaml': committed('ab-threads.yaml'),
  'ab-q4_0.yaml': committed('ab-q4_0.yaml'),
  'same.yaml': same,
})
afterAll(() => lab[Symbol.dispose]())

const speedOf = ({ comparisons: [arms] }: PlanVerdicts) => onMetric(arms as ArmComparison, 'decode_tps')

async function verdictsOf(...args: string[]): Promise<{ ran: Ended; verdicts: PlanVerdicts }> {
  const ran = await lab.run('run', ...args)
  expect([0, 3], ran.stderr).toContain(ran.code) // 3: the machine did something else in some of the trials
  return { ran, verdicts: latestVerdicts(lab) }
}

const measureSame = () => verdictsOf('experiments/same.yaml')

/** By how much B's tokens per second are more than A's, as llama.cpp counts them itself: the mean over all requests of a plan. */
async function countersRatio(planId: string, axis: string, [base, against]: readonly [unknown, unknown]) {
  const value = `json_extract(axes, '$."${axis}"')`
  const sql = `SELECT ${value} AS arm, exp(avg(ln(engine_decode_tps))) AS tps FROM v_request
    WHERE plan_id = '${planId}' AND phase = 'measured' AND json_extract(axes, '$.model') = 'random-50m' GROUP BY 1`
  const { stdout, stderr } = await lab.run('query', sql, '--json')
  expect(stderr).toBe('')
  const rows = new Map((JSON.parse(stdout).rows as { arm: unknown; tps: number }[]).map(({ arm, tps }) => [arm, tps]))
  return (rows.get(against) as number) / (rows.get(base) as number)
}

describe('one thread against two, on 50 million weights', () => {
  let verdicts: PlanVerdicts
  beforeAll(async () => {
    const args = [
      'experiments/ab-threads.yaml',
      '--only',
      'model=random-50m',
      '--blocks',
      '8',
      '--set',
      'load.requests=3',
    ]
    const measure = async () => (await verdictsOf(...args)).verdicts
    verdicts = await untilQuiet(measure, (got) =>
      isBusy(onMetric(ofStratum(got, { model: 'random-50m' }), 'decode_tps')),
    )
  })

  test("is decided, in the direction that llama.cpp's own counters show", async (context) => {
    const speed = onMetric(ofStratum(verdicts, { model: 'random-50m' }), 'decode_tps')
    skipBusy(context, isBusy(speed))
    const { verdict, estimate, declared } = speed
    const counted = await countersRatio(verdicts.planId, 'backend.threads', [1, 2])
    expect(declared).toBe(true)
    expect(different, JSON.stringify(verdict)).toContain(verdict.row)
    expect(Math.sign(Math.log(estimate?.change ?? 1))).toBe(Math.sign(Math.log(counted)))
    // The interval says what it is about: the counters' ratio lies near it.
    expect(counted).toBeGreaterThan(0.9 * (estimate?.interval.low ?? Infinity))
    expect(counted).toBeLessThan(1.1 * (estimate?.interval.high ?? 0))
  })

  test('speed stands alone, as nothing is known of quality', (context) => {
    const arms = ofStratum(verdicts, { model: 'random-50m' })
    skipBusy(context, isBusy(onMetric(arms, 'decode_tps')))
    expect(arms.joint).toMatchObject({ outcome: 'quality-unknown', speed: 'decode_tps' })
  })
})

describe('Q4_0 against F16', () => {
  let verdicts: PlanVerdicts
  beforeAll(async () => {
    const args = ['experiments/ab-q4_0.yaml', '--blocks', '8', '--set', 'load.requests=3']
    const measure = async () => (await verdictsOf(...args)).verdicts
    verdicts = await untilQuiet(measure, (got) =>
      isBusy(onMetric(ofStratum(got, { model: 'random-50m' }), 'decode_tps')),
    )
  })

  test("is faster on 50 million weights, as llama.cpp's own counters show", async (context) => {
    const speed = onMetric(ofStratum(verdicts, { model: 'random-50m' }), 'decode_tps')
    skipBusy(context, isBusy(speed))
    const { verdict, estimate } = speed
    const counted = await countersRatio(verdicts.planId, 'quantization', ['f16', 'q4_0'])
    expect(verdict).toEqual({ row: 'beyond-margin' })
    expect([estimate?.interval.low, counted].map((ratio) => (ratio ?? 0) > 1)).toEqual([true, true])
  })

  test('its joint verdict weighs perplexity and KL divergence of a model that has learnt something: both are worse', () => {
    const arms = ofStratum(verdicts, { model: 'demo' })
    const { verdict, estimate } = onMetric(arms, 'perplexity')
    expect(estimate).toMatchObject({ scale: 'ratio', of: 'chunks', n: 54 })
    expect(estimate?.change).toBeGreaterThan(1)
    expect(verdict).toEqual({ row: 'beyond-margin' })
    const divergence = onMetric(arms, 'kld')
    expect(divergence).toMatchObject({ verdict: { row: 'beyond-margin' }, declared: true, worse: 'yes' })
    expect(divergence.estimate).toMatchObject({ scale: 'difference', of: 'chunks', n: 54 })
    for (const quality of [onMetric(arms, 'perplexity'), divergence])
      expect(quality.repeats).toEqual({ blocks: 2, launches: 2, differ: { base: 0, against: 0 } })
    expect(arms.joint).toMatchObject({ outcome: 'quality-worse', quality: 'perplexity', speed: 'decode_tps' })
  })
})

describe('an arm that is held back by half', () => {
  let ran: Ended
  let verdicts: PlanVerdicts
  beforeAll(async () => {
    lab.env[handicapVariable] = 'b=0.5'
    const found = await untilQuiet(measureSame, (got) => isBusy(speedOf(got.verdicts)))
    ;({ ran, verdicts } = found)
  })
  afterAll(() => void delete lab.env[handicapVariable])

  test('is found to be slower by as much, which the engine itself knows nothing of', async (context) => {
    const speed = speedOf(verdicts)
    skipBusy(context, isBusy(speed))
    const { verdict, estimate } = speed
    expect(verdict).toEqual({ row: 'beyond-margin' })
    expect(estimate?.change).toBeGreaterThan(0.55)
    expect(estimate?.change).toBeLessThan(0.8) // 1 / 1.5 is 0.67
    const counted = await countersRatio(verdicts.planId, 'backend', ['a', 'b'])
    expect(Math.abs(counted - 1)).toBeLessThan(0.2)
  })

  test('does not pass for a real one: its verdict, its manifests and the report say so', () => {
    expect(verdicts.comparisons[0]?.heldBack).toBe(true)
    const page = readFileSync(join(lab.root, ran.stdout.trim().split('\n').at(-1) ?? ''), 'utf8')
    expect(page).toContain('Slowed down on purpose: 8 of 16 launches')
  })
})
