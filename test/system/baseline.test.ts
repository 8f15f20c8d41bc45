import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Lab } from './lab.ts'

const regression = readFileSync('experiments/regression.yaml', 'utf8')

test(
  'a baseline is measured beside the experiment, and quality tells a worse one whatever the machine does',
  { timeout: 300_000 },
  async () => {
    const quality = regression
      .replace('[decode, quality]', '[quality]')
      .replace(/ {2}- \{ when: \{ workload: decode.*\n/, '')
    using lab = new Lab({ 'regression.yaml': quality })
    copyFileSync('data/models/demo/demo-f16.gguf', join(lab.root, 'old.gguf'))
    const args = ['compare', 'experiments/regression.yaml', '--baseline', 'old.gguf', '--blocks', '1', '--json']
    const { code, stdout, stderr } = await lab.run(...args)
    expect(stderr).toContain('report: reports/out/regression-')
    const { comparisons } = JSON.parse(stdout)
    expect(comparisons).toHaveLength(1)
    expect(comparisons[0].names).toEqual({ base: 'baseline', against: 'q4_k_m' })
    const [perplexity] = comparisons[0].cells[0].metrics
    expect(perplexity).toMatchObject({ metric: 'perplexity', declared: true, estimate: { scale: 'ratio' } })
    expect(perplexity.estimate.change).toBeGreaterThan(1)
    expect(code).toBe(0)
  },
)

test('a bundle made in one lab is measured again in another', { timeout: 300_000 }, async () => {
  const quality = `name: q
axes: { model: [random-5m], quantization: [f16, q4_0], workload: [quality] }
workloads: { quality: { kind: perplexity, text: ${JSON.stringify('The rain in Spain falls mainly on the plain. '.repeat(60))}, context: 64 } }
repeat: { blocks: 1 }
compare: { treatment: [quantization], metrics: { perplexity: 1% } }
`
  using there = new Lab({ 'q.yaml': quality })
  expect(await there.run('run', 'experiments/q.yaml')).toMatchObject({ code: 0 })
  expect(await there.run('export', 'latest', '-o', 'q.bundle')).toMatchObject({ code: 0 })
  using here = new Lab()
  copyFileSync(join(there.root, 'q.bundle'), join(here.root, 'q.bundle'))
  const { stdout } = await here.run('reproduce', 'q.bundle', '--json')
  const { outcome, pairs, setup } = JSON.parse(stdout)
  expect(['reproduced', 'inconclusive']).toContain(outcome)
  const [{ there: theirs, here: ours }] = pairs[0].metrics
  expect(ours.estimate.change).toBeCloseTo(theirs.estimate.change, 10)
  expect(setup).toEqual([])
})
