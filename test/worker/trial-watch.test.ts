import { describe, expect, test } from 'vitest'
import type { EmulatorConfig, LlamaCppConfig } from '../../lib/domain/backend-config.ts'
import type { WorkloadConfig } from '../../lib/domain/cell.ts'
import { neededCores } from '../../lib/worker/needed-cores.ts'
import { TrialWatch } from '../../lib/worker/trial-watch.ts'
import { completion } from '../measure/requests.ts'

const still = { throttle: {}, wallMs: () => 0, monotonicMs: () => 0 }
const engine = (threads: number) => {
  const backend = { kind: 'llama.cpp', threads } as LlamaCppConfig
  const trial = { trialId: 1, workload: { kind: 'prefill-decode' } as WorkloadConfig }
  return { trial, setting: { backend, hardware: {} }, needs: neededCores(backend, 2), isHere: true }
}
const sample = (atUs: number, otherCores: number) => ({ atUs, otherCores, rssBytes: 1 })

test('a trial is invalid where others took cores that the engine needed', () => {
  const watch = new TrialWatch({ ...engine(2), cores: 2, ...still })
  for (const [atUs, other] of [
    [0, 2],
    [100, 0.1],
    [300, 0.4],
  ] as const)
    watch.add(sample(atUs, other))
  expect(watch.invalidity({ status: 'ok' })).toEqual([
    { reason: 'contention', detail: 'other processes took 0.30 of 2 cores while the engine computed with 2 threads' },
  ])
})

test('what it says of one thread is grammatical', () => {
  const watch = new TrialWatch({ ...engine(1), cores: 1, ...still })
  for (const atUs of [0, 100]) watch.add(sample(atUs, 0.5))
  expect(watch.invalidity({ status: 'ok' })[0]?.detail).toMatch(/while the engine computed with 1 thread$/)
})

test('others may use the cores that the engine leaves idle', () => {
  const watch = new TrialWatch({ ...engine(1), cores: 2, ...still })
  for (const [atUs, other] of [
    [0, 0],
    [100, 0.9],
    [300, 1.1],
  ] as const)
    watch.add(sample(atUs, other))
  expect(watch.invalidity({ status: 'ok' })).toEqual([])
})

test('a trial during which the machine slept is invalid', () => {
  let wallMs = 0
  const watch = new TrialWatch({
    ...engine(1),
    cores: 2,
    throttle: {},
    wallMs: () => wallMs,
    monotonicMs: () => 0,
  })
  watch.add(sample(0, 0))
  wallMs = 5000
  expect(watch.invalidity({ status: 'ok' })).toEqual([
    { reason: 'clock-gap', detail: 'the clocks moved 5000 ms apart: the machine slept or was set' },
  ])
})

test('a trial whose memory could not be read is invalid', () => {
  const watch = new TrialWatch({ ...engine(1), cores: 2, ...still })
  watch.add({ atUs: 0 })
  expect(watch.invalidity({ status: 'ok' })).toEqual([
    { reason: 'telemetry-missing', detail: 'the memory of the engine could not be read' },
  ])
})

test('a trial during which the processor slowed itself down is invalid', () => {
  const watch = new TrialWatch({ ...engine(1), cores: 2, ...still, throttle: { heatEvents: 3 } })
  watch.add(sample(0, 0))
  watch.slowed({ heatEvents: 5 })
  expect(watch.invalidity({ status: 'ok' })).toEqual([
    { reason: 'throttled', detail: 'the processor slowed itself down for heat 2 times' },
  ])
})

describe('a server', () => {
  const backend = { kind: 'emulator', clientProcesses: 1, salt: true } as EmulatorConfig
  const served = () => {
    const trial = { trialId: 1, workload: { kind: 'chat', prompts: [] } as unknown as WorkloadConfig }
    return new TrialWatch({
      trial,
      setting: { backend, hardware: {} },
      needs: neededCores(backend, 2),
      isHere: false,
      cores: 2,
      ...still,
    })
  }

  test('has no memory that could be missed', () => {
    const watch = served()
    watch.add({ atUs: 0, otherCores: 0.1 })
    expect(watch.invalidity({ status: 'ok' })).toEqual([])
  })

  test('of ours and its client need a core each', () => {
    const watch = served()
    for (const atUs of [0, 100]) watch.add(sample(atUs, 0.4))
    expect(watch.invalidity({ status: 'ok' })).toEqual([
      {
        reason: 'contention',
        detail: 'other processes took 0.40 of 2 cores while the client had 1 process beside the emulator',
      },
    ])
  })

  test('whose requests left late has a late client', () => {
    const watch = served()
    for (let i = 0; i < 10; i++) watch.request(completion({ scheduledUs: 0, sentUs: 10_000 }))
    const spread = { p50: 0, p99: 0, max: 0 }
    const client = { processes: 1, cpuCores: 1, loopDelayMs: spread, events: 30, reads: 30, eventsPerRead: spread }
    expect(watch.invalidity({ status: 'ok' }, client).map(({ reason }) => reason)).toEqual(['client-late'])
  })
})

const reasons = (...bits: number[]) => {
  const watch = new TrialWatch({ ...engine(1), cores: 2, ...still })
  for (const [atUs, gpuSlowdowns] of bits.entries()) watch.add({ ...sample(atUs, 0), gpuSlowdowns })
  return watch.invalidity({ status: 'ok' })
}

test('a trial during which a GPU slowed itself down is invalid; a cap on its power is its normal state', () => {
  expect(reasons(0x0, 0x4, 0x1)).toEqual([])
  expect(reasons(0x4, 0x64)).toEqual([
    {
      reason: 'throttled',
      detail: 'a GPU slowed itself down for its temperature (driver), its temperature (card)',
    },
  ])
})
