import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ArmComparison, VerdictRow } from '../../lib/domain/verdict.ts'
import { engineProgram, lacksEngine } from './engines.ts'
import { Lab } from './lab.ts'
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

const programs = () => `programs:
  vllm-offline: ${engineProgram('vllmPython').program}
  transformers: ${engineProgram('transformersPython').program}
  llama-server: ${engineProgram('llamaServer').program}
`

function labWith(name: string, text: string): Lab {
  const lab = new Lab({ [name]: text })
  mkdirSync(join(lab.root, 'data'))
  lab.write('data/lab.yaml', programs())
  Object.assign(lab.env, engineProgram('vllmPython').env)
  return lab
}

type Compared = { arms: ArmComparison; text: string; page: string }

async function compared(name: string, text = committed(name)): Promise<Compared> {
  using lab = labWith(name, text)
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

const cacheType = (type: string) => `
name: cache-type
axes: { model: [demo], quantization: [f16, q8_0], backend: [server], workload: [decode] }
backends: { server: { kind: llama-server, launch: { args: { threads: 1, ctx-size: 512, parallel: 1, cache-type-k: f16 } } } }
load: { requests: 1 }
compare: { treatment: [quantization] }
overrides:
  - { set: { workload.sampling.maxTokens: 8 } }
  - { when: { quantization: q8_0 }, set: { backend.launch.args.cache-type-k: ${type} } }
`

describe.skipIf(lacksEngine('llamaServer'))('the KV cache of llama-server', () => {
  test.each([
    ['f16', []],
    ['q8_0', ['backend.launch.args.cache-type-k']],
  ] as const)('in %s under the second arm: these fields differ beyond the treatment: %j', async (type, fields) => {
    using lab = labWith('cache.yaml', cacheType(type))
    const ran = await lab.run('run', 'experiments/cache.yaml', '--quick')
    expect([0, 3], ran.stderr).toContain(ran.code)
    const [arms] = latestVerdicts(lab).comparisons
    const { verdict } = onMetric(arms as ArmComparison, 'decode_tps')
    const named = verdict.row === 'not-comparable' ? verdict.differences.map(({ field }) => field) : []
    expect(named).toEqual(expect.arrayContaining([...fields]))
    if (fields.length === 0) expect(named).toEqual([])
    else expect((await lab.run('compare', 'latest')).stdout).toContain('Not comparable: KV-cache type (keys) differs.')
  })
})

// Two builds that are really installed: transformers in an environment of its own, and the one that vLLM brings.
const builds = (program: string) => `
name: builds
axes: { model: [demo], quantization: [bf16], backend: [transformers], workload: [decode], backend.dtype: [float32, bfloat16] }
backends: { transformers: { kind: transformers, threads: 1, contextSize: 512 } }
load: { requests: 1 }
compare: { treatment: [backend.dtype] }
overrides:
  - { set: { workload.sampling.maxTokens: 8 } }
  - { when: { backend.dtype: bfloat16 }, set: { backend.program: ${program} } }
`

test.skipIf(lacksEngine('vllmPython', 'transformersPython'))(
  'another build of transformers under the second arm is named, in compare too',
  async () => {
    using lab = labWith('builds.yaml', builds(engineProgram('vllmPython').program))
    const ran = await lab.run('run', 'experiments/builds.yaml', '--quick', '--allow-outside')
    expect([0, 3], ran.stderr).toContain(ran.code)
    const [arms] = latestVerdicts(lab).comparisons
    const { verdict } = onMetric(arms as ArmComparison, 'decode_tps')
    const named = verdict.row === 'not-comparable' ? verdict.differences : []
    expect(named.map(({ field }) => field)).toEqual(['engine.version', 'backend.program'])
    expect(named[0]).toMatchObject({ base: expect.stringMatching(/^\d+\./), against: expect.stringMatching(/^\d+\./) })
    const { stdout } = await lab.run('compare', 'latest')
    expect(stdout).toContain('Not comparable: engine version and engine program differ.')
  },
)
