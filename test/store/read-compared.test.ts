import { expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { geometricMean } from '../../lib/stats/mean.ts'
import { readCompared } from '../../lib/store/read-compared.ts'
import { readTrials } from '../../lib/store/read-trials.ts'
import type { Store } from '../../lib/store/store.ts'
import {
  claimed,
  commitAll,
  done,
  examplePlan,
  exampleRequest,
  loaded,
  startedPlan,
  temporaryStore,
  trialRecords,
} from './example.ts'

const planId = examplePlan().id

/** An answer of three tokens: milliseconds to the first and between the others. */
function answer(
  promptId: string,
  firstMs: number,
  gapMs: number,
  change: Partial<RequestTimeline> = {},
): RequestTimeline {
  const deltasUs = [firstMs * 1000, gapMs * 1000, gapMs * 1000]
  return { ...exampleRequest, promptId, events: { deltasUs }, ...change }
}
const failed = (promptId: string, reason: 'stall' | 'cut-off'): RequestTimeline => {
  const { events: _, outputTokens: __, ...rest } = exampleRequest
  return { ...rest, promptId, outcome: { status: 'failed', reason, detail: '' } }
}
const window = (promptId: string, nll: readonly number[], change: Partial<RequestTimeline> = {}): RequestTimeline => {
  const { events: _, outputTokens: __, ...rest } = exampleRequest
  return { ...rest, promptId, part: 'window', nll, ...change }
}

/** The first launch with its chat and its quality trial; all is derived as after a run. */
function measured(store: Store, chat: readonly RequestTimeline[], quality: readonly RequestTimeline[]) {
  const { launchId } = startedPlan(store)
  commitAll(store, launchId, [
    claimed,
    loaded,
    ...trialRecords(1, chat),
    ...trialRecords(2, quality),
    ...trialRecords(3),
    done,
  ])
  for (const trial of [1, 2, 3]) deriveMeasurements(store, trial)
  return readCompared(store, planId)
}

const chat = [
  answer('p2', 80, 10),
  answer('p1', 100, 20),
  answer('p1', 400, 45),
  answer('p1', 1, 1, { phase: 'warmup' }),
  failed('p1', 'stall'),
  failed('p3', 'stall'),
  failed('p2', 'cut-off'),
]
const windows = [window('#1', [1, 2.5]), window('#0', [0.5, 0.25, 3])]

test('the mean over prompts of what is read is what was derived of the trial, of every metric of requests', () => {
  using lab = temporaryStore()
  const [trial] = measured(lab.store, chat, windows).trials
  const [derived] = readTrials(lab.store, planId)
  const prompts = trial?.prompts ?? []
  expect(prompts.map(({ promptId, n }) => [promptId, n])).toEqual([
    ['p1', 2],
    ['p2', 1],
  ])
  const names = [...new Set(prompts.flatMap(({ metrics }) => Object.keys(metrics)))] as Metric[]
  expect(names).toEqual(expect.arrayContaining(['ttft_ms', 'decode_tps', 'e2e_ms', 'request_tps', 'engine_decode_tps']))
  for (const metric of names) {
    const means = prompts.flatMap(({ metrics }) => metrics[metric] ?? [])
    expect(geometricMean(means) / (derived?.metrics[metric]?.value ?? NaN), metric).toBeCloseTo(1, 12)
  }
  expect(prompts[0]?.metrics.ttft_ms).toBeCloseTo(200, 9)
})

test('requests that failed are counted, and those that the end of a duration cut off are not', () => {
  using lab = temporaryStore()
  const [trial] = measured(lab.store, chat, windows).trials
  expect(trial?.requests).toEqual({ ok: 3, failed: 2 })
  expect((trial?.metrics.error_rate?.value ?? NaN) * 5).toBeCloseTo(2, 12)
})

test('tokens are known where those of all answers to a prompt are', () => {
  using lab = temporaryStore()
  const { outputTokens: _, ...unknown } = answer('p1', 100, 20)
  const requests = [
    answer('p1', 100, 20),
    unknown,
    answer('p2', 80, 10, { outputTokens: 3 }),
    answer('p2', 80, 10, { outputTokens: 6 }),
  ]
  const [trial] = measured(lab.store, requests, windows).trials
  expect(trial?.prompts.map(({ outputTokens }) => outputTokens)).toEqual([undefined, 4.5])
  expect(trial?.prompts.map(({ promptTokens }) => promptTokens)).toEqual([5, 5])
  expect(JSON.stringify(trial)).not.toContain('null')
})

test('the windows of a text make up its perplexity, each once', () => {
  using lab = temporaryStore()
  const again = window('#0', [9, 9, 9], { sentUs: exampleRequest.sentUs + 1 })
  const [, quality] = measured(lab.store, chat, [...windows, again]).trials
  const samples = quality?.samples?.perplexity ?? []
  expect(samples).toEqual([
    { id: '#0', sum: 3.75, n: 3 },
    { id: '#1', sum: 3.5, n: 2 },
  ])
  const nats = samples.reduce((sum, each) => sum + each.sum, 0) / samples.reduce((sum, each) => sum + each.n, 0)
  expect(Math.exp(nats) / (quality?.metrics.perplexity?.value ?? NaN)).toBeCloseTo(1, 12)
  expect(quality?.prompts).toEqual([])
})

test('where a window failed there is no perplexity, and no part of one', () => {
  using lab = temporaryStore()
  const [, quality] = measured(lab.store, chat, [...windows, { ...failed('#2', 'stall'), part: 'window' }]).trials
  expect([quality?.samples, quality?.metrics.perplexity]).toEqual([undefined, undefined])
})

test('a trial that was measured again does not count; sessions, launches and manifests are there', () => {
  using lab = temporaryStore()
  const before = measured(lab.store, chat, windows)
  expect(before.trials).toHaveLength(12)
  lab.store.write(() => lab.store.sql(`UPDATE trial SET unused = 'retried' WHERE id = 1`).run())
  const found = readCompared(lab.store, planId)
  expect(found.trials.map(({ id }) => id)).toEqual(before.trials.slice(1).map(({ id }) => id))
  expect(found.trials[0]).not.toHaveProperty('client')
  expect(found.sessions).toHaveLength(1)
  expect(found.launches.map(({ status }) => status)).toEqual(['ok', 'pending', 'pending', 'pending'])
  expect(Object.keys(found.manifests)).toEqual([found.launches[0]?.manifestDigest])
  expect(found.plan).toEqual(examplePlan())
})
