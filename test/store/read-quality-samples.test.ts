import { expect, test } from 'vitest'
import type { Expected } from '../../lib/domain/cell.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { readQualitySamples } from '../../lib/store/read-quality-samples.ts'
import { readTrialDetail } from '../../lib/store/read-trial-detail.ts'
import { failed, window } from '../measure/requests.ts'
import {
  claimed,
  commitAll,
  examplePlan,
  exampleRequest,
  loaded,
  startedPlan,
  temporaryStore,
  trialRecords,
} from './example.ts'

function measured(requests: readonly RequestTimeline[], expected: Readonly<Record<string, Expected>> = {}) {
  const lab = temporaryStore()
  const plan = examplePlan()
  const cells = plan.cells.map((cell) => {
    const { workload } = cell.config
    if (!('prompts' in workload)) return cell
    const prompts = workload.prompts.map((prompt) => {
      const wanted = expected[prompt.id]
      return wanted === undefined ? prompt : { ...prompt, expected: wanted }
    })
    return { ...cell, config: { ...cell.config, workload: { ...workload, prompts } } }
  })
  const { launchId } = startedPlan(lab.store, { ...plan, cells })
  commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1, requests)])
  deriveMeasurements(lab.store, 1)
  return lab
}

const base = { nll: [0.5, 1.5], kld: [0.25, 0.000_000_001], sameTop: [1, 0] }

test('a window against its base comes back from the store as it was', () => {
  using lab = measured([window('w1', [1, 2], { base }), window('w2', [1, 2], { base: { ...base, isBound: true } })])
  const { requests } = readTrialDetail(lab.store, 1)
  expect(requests.map(({ timeline }) => timeline.base)).toEqual([base, { ...base, isBound: true }])
})

test('of each window the sums over its tokens are read, the first time that it was evaluated', () => {
  using lab = measured([
    window('w2', [2, 2, 2]),
    window('w1', [1, 3], { sentUs: 5 }),
    window('w1', [9, 9], { sentUs: 9 }),
    window('w3', [7], { phase: 'warmup' }),
  ])
  expect(readQualitySamples(lab.store, 1)).toEqual({
    perplexity: [
      { id: 'w1', n: 2, sum: 4 },
      { id: 'w2', n: 3, sum: 6 },
    ],
  })
})

test('against a base there are sums of all that is a mean', () => {
  using lab = measured([window('w1', [1, 2], { base })])
  expect(readQualitySamples(lab.store, 1)).toEqual({
    perplexity: [{ id: 'w1', n: 2, sum: 3 }],
    ppl_ratio: [{ id: 'w1', n: 2, sum: 1 }],
    kld: [{ id: 'w1', n: 2, sum: expect.closeTo(0.25, 8) }],
    top_token_share: [{ id: 'w1', n: 2, sum: 1 }],
  })
})

test('bounds have their own name', () => {
  using lab = measured([window('w1', [1, 2], { base: { ...base, isBound: true } })])
  const samples = readQualitySamples(lab.store, 1)
  expect(samples).toHaveProperty('kld_at_least')
  expect(samples).not.toHaveProperty('kld')
})

test('of a trial of which a window failed nothing is read', () => {
  const { nll: _, ...lost } = window('w2', [], { outcome: failed })
  using lab = measured([window('w1', [1, 3]), lost])
  expect(readQualitySamples(lab.store, 1)).toBeUndefined()
})

const answer = (promptId: string, output: string) => ({ ...exampleRequest, promptId, output })

test('of each prompt with checks: how many of its answers passed', () => {
  using lab = measured([answer('p1', 'blue'), answer('p1', 'red'), answer('p2', 'blue'), answer('p3', 'blue')], {
    p1: { contains: ['blue'] },
    p2: { exact: 'red' },
  })
  expect(readQualitySamples(lab.store, 1)).toEqual({
    check_share: [
      { id: 'p1', n: 2, sum: 1 },
      { id: 'p2', n: 1, sum: 0 },
    ],
  })
})
