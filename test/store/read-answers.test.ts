import { expect, test } from 'vitest'
import { deriveRequest } from '../../lib/measure/derive-request.ts'
import { writeMeasurements } from '../../lib/store/measurements.ts'
import { readAnswers } from '../../lib/store/read-answers.ts'
import { readEngineTimes } from '../../lib/store/read-engine-times.ts'
import { readPlanSetting } from '../../lib/store/read-plan-data.ts'
import { readTrialDetail } from '../../lib/store/read-trial-detail.ts'
import { exampleRequest, claimed, commitAll, loaded, startedPlan, temporaryStore, trialRecords } from './example.ts'

/** A trial with a warm-up and then a request for each of `outputs`. */
function answered(outputs: readonly string[]) {
  const lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const request = { ...exampleRequest, engine: { promptTokens: 4, promptMs: 60 } }
  const warmup = { ...request, phase: 'warmup' as const, output: 'warm-up' }
  const requests = outputs.map((output) => ({ ...request, phase: 'measured' as const, output }))
  commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1, [warmup, ...requests])])
  const { requests: read } = readTrialDetail(lab.store, 1)
  writeMeasurements(lab.store, {
    trialId: 1,
    metrics: {},
    requests: read.map(({ id, timeline }) => ({ id, metrics: deriveRequest(timeline) })),
  })
  return lab
}

test('of a prompt’s greedy answers the most frequent is read, with how many different ones there are', () => {
  using lab = answered(['sea', 'sky', 'sky'])
  const found = readAnswers(lab.store, 'c0ffee000001')
  expect(found).toMatchObject([{ text: 'sky', texts: 2 }])
})

test('an engine’s time for prompts is the mean over the measured requests that it timed', () => {
  using lab = answered(['sky'])
  const { trials } = readPlanSetting(lab.store, 'c0ffee000001')
  const timed = trials.map((trial) => ({ ...trial, metrics: { prefill_tps: { value: 1 } } }))
  const [first] = readEngineTimes(lab.store, timed)
  expect(first?.promptMs).toBe(60)
  expect(
    readEngineTimes(
      lab.store,
      trials.map((trial) => ({ ...trial, metrics: {} })),
    ),
  ).toEqual([])
})
