import { describe, expect, test } from 'vitest'
import type { ArmComparison } from '../../lib/domain/verdict.ts'
import { engineProgram, lacksEngine } from './engines.ts'
import { Lab } from './lab.ts'
import { labWithEngines } from './lab-with-engines.ts'
import { latestVerdicts, onMetric } from './verdicts-of.ts'

const speedOf = (lab: Lab) => onMetric(latestVerdicts(lab).comparisons[0] as ArmComparison, 'decode_tps')

// Each changes for the second arm what its treatment does not imply; one block says it, as it comes before how many there are.
const onlyQuantization = (more: string) => `
name: changed
axes: { model: [demo], quantization: [f16, q8_0], workload: [decode] }
load: { requests: 1 }
compare: { treatment: [quantization] }
overrides:
  - { set: { workload.sampling.maxTokens: 8 } }
  - { when: { quantization: q8_0 }, set: { ${more} } }
`

test.each([
  ['nothing', 'workload.sampling.maxTokens: 8', undefined],
  ['the sampling', 'workload.sampling.temperature: 0.5', /sampling/],
  ['the prompts', 'workload.prompts: [Another]', /^prompts$/],
  ['the file of the prompts', 'workload.prompts: { file: experiments/other.txt }', /^prompts$/],
  ['the length of answers', 'workload.sampling.maxTokens: 9', /maxTokens/],
  ['the size of batches', 'backend.batchSize: 256', /batchSize/],
  ['flash attention', 'backend.flashAttention: false', /flashAttention/],
] as const)(
  'with %s changed beside the quantization, the arms are comparable or the field is named',
  async (_, more, field) => {
    using lab = new Lab({ 'changed.yaml': onlyQuantization(more), 'other.txt': 'Another\n' })
    const ran = await lab.run('run', 'experiments/changed.yaml', '--quick')
    expect([0, 3], ran.stderr).toContain(ran.code)
    const { verdict } = speedOf(lab)
    // Of one block there is nothing else to say, also where the machine did something besides.
    if (field === undefined) expect(['too-few-blocks', 'invalid']).toContain(verdict.row)
    else
      expect(verdict).toMatchObject({
        row: 'not-comparable',
        differences: expect.arrayContaining([expect.objectContaining({ field: expect.stringMatching(field) })]),
      })
  },
)

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
    using lab = labWithEngines('cache.yaml', cacheType(type))
    const ran = await lab.run('run', 'experiments/cache.yaml', '--quick')
    expect([0, 3], ran.stderr).toContain(ran.code)
    const { verdict } = speedOf(lab)
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
    using lab = labWithEngines('builds.yaml', builds(engineProgram('vllmPython').program))
    const ran = await lab.run('run', 'experiments/builds.yaml', '--quick', '--allow-outside')
    expect([0, 3], ran.stderr).toContain(ran.code)
    const { verdict } = speedOf(lab)
    const named = verdict.row === 'not-comparable' ? verdict.differences : []
    expect(named.map(({ field }) => field)).toEqual(['engine.version', 'backend.program'])
    expect(named[0]).toMatchObject({ base: expect.stringMatching(/^\d+\./), against: expect.stringMatching(/^\d+\./) })
    const { stdout } = await lab.run('compare', 'latest')
    expect(stdout).toContain('Not comparable: engine version and engine program differ.')
  },
)
