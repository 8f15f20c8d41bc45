import { expect, test } from 'vitest'
import { TrialWatch } from '../../lib/worker/trial-watch.ts'

const still = { throttle: {}, wallMs: () => 0, monotonicMs: () => 0 }
const sample = (atUs: number, otherCores: number) => ({ atUs, otherCores, rssBytes: 1 })

test('a trial is invalid where others took cores that the engine needed', () => {
  const watch = new TrialWatch({ trialId: 1, threads: 2, cores: 2, ...still })
  for (const [atUs, other] of [
    [0, 2],
    [100, 0.1],
    [300, 0.4],
  ] as const)
    watch.add(sample(atUs, other))
  expect(watch.invalidity()).toEqual([
    { reason: 'contention', detail: 'other processes took 0.30 of 2 cores while the engine computed with 2 threads' },
  ])
})

test('the memory of who asks a server is not missed', () => {
  const watch = new TrialWatch({ trialId: 1, threads: 1, of: 'client', cores: 2, ...still })
  for (const atUs of [0, 100]) watch.add({ atUs, otherCores: 0 })
  expect(watch.invalidity()).toEqual([])
})

test('what it says of one thread is grammatical', () => {
  const watch = new TrialWatch({ trialId: 1, threads: 1, cores: 1, ...still })
  for (const atUs of [0, 100]) watch.add(sample(atUs, 0.5))
  expect(watch.invalidity()[0]?.detail).toMatch(/while the engine computed with 1 thread$/)
})

test('others may use the cores that the engine leaves idle', () => {
  const watch = new TrialWatch({ trialId: 1, threads: 1, cores: 2, ...still })
  for (const [atUs, other] of [
    [0, 0],
    [100, 0.9],
    [300, 1.1],
  ] as const)
    watch.add(sample(atUs, other))
  expect(watch.invalidity()).toEqual([])
})

test('a trial during which the machine slept is invalid', () => {
  let wallMs = 0
  const watch = new TrialWatch({
    trialId: 1,
    threads: 1,
    cores: 2,
    throttle: {},
    wallMs: () => wallMs,
    monotonicMs: () => 0,
  })
  watch.add(sample(0, 0))
  wallMs = 5000
  expect(watch.invalidity()).toEqual([
    { reason: 'clock-gap', detail: 'the clocks moved 5000 ms apart: the machine slept or was set' },
  ])
})

test('a trial whose memory could not be read is invalid', () => {
  const watch = new TrialWatch({ trialId: 1, threads: 1, cores: 2, ...still })
  watch.add({ atUs: 0 })
  expect(watch.invalidity()).toEqual([
    { reason: 'telemetry-missing', detail: 'the memory of the engine could not be read' },
  ])
})

test('a trial during which the processor slowed itself down is invalid', () => {
  const watch = new TrialWatch({ trialId: 1, threads: 1, cores: 2, ...still, throttle: { heatEvents: 3 } })
  watch.add(sample(0, 0))
  watch.slowed({ heatEvents: 5 })
  expect(watch.invalidity()).toEqual([
    { reason: 'throttled', detail: 'the processor slowed itself down for heat 2 times' },
  ])
})
