import { expect, test } from 'vitest'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { readLaunch } from '../../lib/store/launches.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { readTrialDetail } from '../../lib/store/read-trial-detail.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import type { Store } from '../../lib/store/store.ts'
import {
  claimed,
  commitAll,
  done,
  exampleManifest,
  exampleRequest,
  loaded,
  numbered,
  startedPlan,
  temporaryStore,
  trialRecords,
} from './example.ts'

const whole = [claimed, loaded, ...trialRecords(1), ...trialRecords(2), ...trialRecords(3), done]
const rowsOf = (store: Store, table: string) =>
  store.read(() => store.sql(`SELECT count(*) FROM ${table}`).pluck().get())

test('a spool that went well leaves a launch and trials that went well', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, whole)
  expect(readLaunch(lab.store, launchId)).toMatchObject({
    status: 'ok',
    outcome: { status: 'ok' },
    loadMs: 812.5,
    spool: 'spools/1',
    spoolOffset: whole.length * 10,
  })
  expect(readLaunchTrials(lab.store, launchId).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
})

test('a request and the memory beside it come back as they were recorded', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const requests = [
    exampleRequest,
    {
      ...exampleRequest,
      events: {
        deltasUs: [5, 0],
        tokens: [2, 1],
        characters: [8, 3],
        channels: ['reasoning', 'text'] as const,
        reads: [0, 0],
      },
      poolWaitUs: 40,
      connectUs: 30,
      firstChunkUs: 2,
      emptyChunksUs: [2, 5],
      countedTokens: 4,
      outcome: { status: 'failed', reason: 'stall', detail: 'nothing for 30 s' } as const,
    },
    {
      promptId: 'window-1',
      part: 'window',
      phase: 'warmup',
      client: 0,
      scheduledUs: 1,
      sentUs: 2,
      doneUs: 3,
      outcome: { status: 'ok', finish: 'stop' },
      nll: [1.234567, 0],
    } as const,
  ]
  commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1, requests)])
  const { artifact: found, ...detail } = readTrialDetail(lab.store, 1)
  expect(detail).toEqual({
    requests: requests.map((timeline, index) => ({ id: index + 1, index, timeline, metrics: {} })),
    load: { kind: 'closed', clients: 1, requests: 2 },
    memory: [{ atUs: 600, rssBytes: 100, pssBytes: 60, otherCores: 0.25 }, { atUs: 700 }],
    loadMs: 812.5,
    engineMemory: {},
  })
  expect(found).toMatchObject({ bytes: 7_400_000, description: { format: 'gguf', parameters: 3_700_000 } })
})

test('all that was sampled, and what the engine says of its memory, is read back as it was', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const host = { rssBytes: 100, anonBytes: 70, fileBytes: 30, pssBytes: 60, pssAnonBytes: 50, pssFileBytes: 10 }
  const gpus = { gpuUsedBytes: 9, gpuReservedBytes: 3, gpuPowerW: 120.5, gpuUtilization: 0, gpuCelsius: 55 }
  const rest = { cpuSeconds: 1.25, processes: 8, vramBytes: 5, gpuSmMhz: 1410, gpuSlowdowns: 4, otherCores: 0.5 }
  const sample = { atUs: 600, ...host, ...gpus, ...rest }
  const [started, ended] = [trialRecords(1)[0], trialRecords(1).at(-1)] as Parameters<typeof commitAll>[2]
  commitAll(lab.store, launchId, [
    claimed,
    { ...(loaded as Extract<typeof loaded, { kind: 'loaded' }>), memory: { claimedBytes: 0, reservedBytes: 7 } },
    ...[started, { kind: 'memory', trialId: 1, samples: [sample] } as const, ended].flatMap((each) => each ?? []),
  ])
  const { memory, engineMemory } = readTrialDetail(lab.store, 1)
  expect(memory).toEqual([sample])
  expect(engineMemory).toEqual({ claimedBytes: 0, reservedBytes: 7 })
})

test('counted tokens stand beside those of the server, and in their place where it said nothing', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const { outputTokens: _, tokensFrom: __, ...silent } = exampleRequest
  const [started, first, second, ...rest] = trialRecords(1, [exampleRequest, silent]) as Parameters<typeof commitAll>[2]
  const counted = {
    kind: 'counted',
    trialId: 1,
    tokens: [
      [4, 5],
      [5, 6],
    ],
  } as const
  commitAll(lab.store, launchId, [
    claimed,
    loaded,
    ...[started, first, second, counted].flatMap((each) => each ?? []),
    ...rest,
  ])
  const { requests } = readTrialDetail(lab.store, 1)
  expect(requests.map(({ timeline }) => timeline)).toEqual([
    { ...exampleRequest, countedTokens: 5 },
    { ...silent, outputTokens: 6, tokensFrom: 'tokenizer' },
  ])
})

test('the same bytes committed twice are in the store once', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, whole)
  const before = readPlanData(lab.store, 'c0ffee000001')
  expect(commitRecords(lab.store, { launchId, records: numbered(whole), endOffset: 10 })).toBe(0)
  expect(readPlanData(lab.store, 'c0ffee000001')).toEqual(before)
  expect([rowsOf(lab.store, 'request'), rowsOf(lab.store, 'telemetry')]).toEqual([3, 6])
})

test('wherever a spool is cut into groups, and however they overlap, the store is the same', () => {
  using straight = temporaryStore()
  commitAll(straight.store, startedPlan(straight.store).launchId, whole)
  const expected = readPlanData(straight.store, 'c0ffee000001')
  const all = numbered(whole)
  for (let cut = 1; cut < all.length; cut += 1) {
    using lab = temporaryStore()
    const { launchId } = startedPlan(lab.store)
    commitRecords(lab.store, { launchId, records: all.slice(0, cut), endOffset: cut * 10 })
    commitRecords(lab.store, { launchId, records: all.slice(Math.max(0, cut - 2)), endOffset: all.length * 10 })
    expect(readPlanData(lab.store, 'c0ffee000001')).toEqual(expected)
  }
})

test('a group that cannot be written whole leaves neither rows nor an offset', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const records = numbered([claimed, loaded, ...trialRecords(1), ...trialRecords(99)])
  expect(() => commitRecords(lab.store, { launchId, records, endOffset: 500 })).toThrow(
    'the spool of launch 1 speaks of trial 99',
  )
  expect(readLaunch(lab.store, launchId)).toMatchObject({ status: 'running', spoolOffset: 0 })
  expect(rowsOf(lab.store, 'request')).toBe(0)
})

test('a missing record is a bug, not a gap in the data', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const [first, , third] = numbered([claimed, loaded, ...trialRecords(1)])
  if (first === undefined || third === undefined) throw new Error('no records')
  expect(() => commitRecords(lab.store, { launchId, records: [first, third], endOffset: 30 })).toThrow(
    'the spool of launch 1 has record 3 where 2 was due',
  )
})

test("a spool cannot write to another launch's trial", () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  expect(() => commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(4)])).toThrow('speaks of trial 4')
})

test('a failed trial keeps its reason, an invalid one what speaks against it', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const invalid = [{ reason: 'contention', detail: 'others kept 1.2 cores busy' }] as const
  commitAll(lab.store, launchId, [
    claimed,
    loaded,
    { kind: 'trial-started', trialId: 1, atUs: 1 },
    {
      kind: 'trial-ended',
      trialId: 1,
      atUs: 2,
      end: { status: 'failed', reason: 'out-of-memory', detail: 'no room for the KV cache' },
      invalid,
    },
  ])
  expect(readLaunchTrials(lab.store, launchId)[0]).toEqual({
    id: 1,
    launchId: 1,
    cellId: 'f16-chat'.padEnd(64, '0'),
    block: 0,
    status: 'failed',
    reason: 'out-of-memory',
    detail: 'no room for the KV cache',
    invalid,
    metrics: {},
  })
})

test('the manifest is kept once per digest; its setup does not change with the conditions or the order of its keys', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const { tool, ...rest } = exampleManifest
  const warmer = { ...rest, tool, conditions: { freeMemoryBytes: 4e9, temperatureCelsius: 60 } }
  commitAll(lab.store, launchId, [claimed, loaded, { kind: 'loaded', loadMs: 1, manifest: warmer }])
  const { manifests } = readPlanData(lab.store, 'c0ffee000001')
  expect(Object.values(manifests)).toHaveLength(1) // of the launch's last manifest only
  const setups = lab.store.read(() => lab.store.sql('SELECT DISTINCT setup FROM manifest').pluck().all())
  expect(setups).toHaveLength(1)
  expect(rowsOf(lab.store, 'manifest')).toBe(2)
})
