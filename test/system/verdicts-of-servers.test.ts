import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ArmComparison, VerdictRow } from '../../lib/domain/verdict.ts'
import { lacksEngine } from './engines.ts'
import { labWithEngines } from './lab-with-engines.ts'
import { isBusy, latestVerdicts, onMetric, skipBusy } from './verdicts-of.ts'

const committed = (name: string) => readFileSync(new URL(`../../experiments/${name}`, import.meta.url), 'utf8')

/** Decided, or honestly not: what six blocks of a machine that is ours can say. */
const honest: readonly VerdictRow[] = [
  'beyond-margin',
  'unresolved',
  'within-margin-but-different',
  'equivalent',
  'different',
  'inconclusive',
]

type Compared = { arms: ArmComparison; text: string; page: string }

async function compared(name: string, text = committed(name)): Promise<Compared> {
  using lab = labWithEngines(name, text)
  const ran = await lab.run('run', `experiments/${name}`)
  expect([0, 3], ran.stderr).toContain(ran.code) // 3: the machine did something else in some of the trials
  const { comparisons } = latestVerdicts(lab)
  expect(comparisons).toHaveLength(1)
  const told = await lab.run('compare', 'latest')
  expect(told.code, told.stderr).toBe(0)
  const page = readFileSync(join(lab.root, ran.stdout.trim().split('\n').at(-1) ?? ''), 'utf8')
  return { arms: comparisons[0] as ArmComparison, text: told.stdout, page }
}

describe.skipIf(lacksEngine('vllmPython', 'transformersPython'))('on the demo model, for real', () => {
  test('AWQ against 16 bits on vLLM: comparable, a verdict on speed, quality worse beside it', async (context) => {
    const { arms, text, page } = await compared('ab-awq.yaml')
    const [speed, quality] = [onMetric(arms, 'decode_tps'), onMetric(arms, 'perplexity')]
    expect(quality).toMatchObject({ verdict: { row: 'beyond-margin' }, estimate: { of: 'chunks', n: 24 } })
    expect(quality.estimate?.interval.low).toBeGreaterThan(1)
    expect(arms.joint).toMatchObject({ outcome: 'quality-worse', quality: 'perplexity' })
    for (const told of [text, page]) expect(told).toContain('awq')
    skipBusy(context, isBusy(speed))
    expect(honest, JSON.stringify(speed.verdict)).toContain(speed.verdict.row)
    expect(speed.estimate).toMatchObject({ of: 'blocks', pairing: 'paired' })
  })

  test('vLLM against transformers: comparable, a verdict on speed, and both predict alike', async (context) => {
    const name = 'ab-vllm-transformers.yaml' // both predict alike on however little text
    const { arms, text, page } = await compared(name, committed(name).replace('chunks: 24', 'chunks: 8'))
    const [speed, quality] = [onMetric(arms, 'decode_tps'), onMetric(arms, 'perplexity')]
    expect(Math.abs(Math.log(quality.estimate?.change ?? 0))).toBeLessThan(0.001)
    expect(arms.joint.outcome).not.toBe('quality-worse')
    for (const told of [text, page]) expect(told).toContain('transformers')
    skipBusy(context, isBusy(speed))
    expect(honest, JSON.stringify(speed.verdict)).toContain(speed.verdict.row)
  })
})
