import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ArmComparison, Estimate } from '../../lib/domain/verdict.ts'
import { handicapVariable } from '../../lib/worker/handicap.ts'
import { type Ended, Lab } from './lab.ts'
import { isBusy, latestVerdicts, onMetric, skipBusy, untilQuiet } from './verdicts-of.ts'

// The arms have backends of their own, so that one of them can be held back.
const experiment = `
name: bits
axes: { model: [random-50m], quantization: [f16, q4_0], backend: [a, b], workload: [decode] }
zip: [[quantization, backend]]
backends: { a: { kind: llama.cpp }, b: { kind: llama.cpp } }
overrides: [{ set: { workload.sampling.maxTokens: 32 } }]
load: { requests: 6 }
repeat: { blocks: 8 }
compare: { treatment: [quantization, backend], metrics: { decode_tps: 2% } }
`

/** Other load took it its blocks, and nothing else makes what is compared incomparable; or what is left scatters too widely to say anything. */
const cameToNothing = ({ code, stdout }: Ended): boolean => code === 11 || (code === 12 && /other\s+load/.test(stdout))

const handicap = 0.2

/** Whether two intervals of a ratio are together so wide that they overlap though one of the arms is held back. */
const areWide = (...estimates: (Estimate | undefined)[]): boolean =>
  estimates.reduce((sum, of) => sum + Math.log((of?.interval.high ?? Infinity) / (of?.interval.low ?? 1)) / 2, 0) >
  Math.log1p(handicap)

const speedIn = (lab: Lab) => onMetric(latestVerdicts(lab).comparisons[0] as ArmComparison, 'decode_tps')

test('a bundle of one lab is reproduced in another, and not where an arm is held back by a fifth', async (context) => {
  using theirs = new Lab({ 'bits.yaml': experiment })
  using ours = new Lab()
  const speed = await untilQuiet(async () => {
    const ran = await theirs.run('run', 'experiments/bits.yaml')
    expect([0, 3], ran.stderr).toContain(ran.code) // 3: the machine did something else in some of the trials
    return speedIn(theirs)
  }, isBusy)
  skipBusy(context, isBusy(speed))
  const exported = await theirs.run('export', 'latest', '-o', 'bits.bundle')
  expect(exported.code, exported.stderr).toBe(0)
  copyFileSync(join(theirs.root, 'bits.bundle'), join(ours.root, 'bits.bundle'))

  const reproduce = () => ours.run('reproduce', 'bits.bundle', '--yes')
  const again = await untilQuiet(reproduce, cameToNothing)
  skipBusy(context, cameToNothing(again))
  expect(again.code, `${again.stdout}${again.stderr}`).toBe(0)
  ours.env[handicapVariable] = `b=${handicap}`
  const tellsNothing = (ended: Ended) =>
    cameToNothing(ended) || (ended.code !== 10 && areWide(speed.estimate, speedIn(ours).estimate))
  const held = await untilQuiet(reproduce, tellsNothing)
  skipBusy(context, tellsNothing(held))
  expect(held.code, `${held.stdout}${held.stderr}`).toBe(10)
})
