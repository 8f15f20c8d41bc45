import { expect, test } from 'vitest'
import type { Plan } from '../../lib/domain/plan.ts'
import { DiskFullError } from '../../lib/domain/disk-full.ts'
import { UserError } from '../../lib/domain/user-error.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { readLaunches } from '../../lib/store/launches.ts'
import { readTrials } from '../../lib/store/read-trials.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, examplePlan, loaded, temporaryStore, trialRecords } from '../store/example.ts'
import { failing, noSignal, runScripted, type Script, scripted, well } from './scripted-target.ts'

const base = examplePlan()
const retrying: Plan = {
  ...base,
  cells: base.cells.map((cell) => ({ ...cell, limits: { ...cell.limits, retries: 1 } })),
}
const comparing: Plan = { ...retrying, compare: { treatment: ['quantization'], pairs: [], margins: [] } }
const crashed = { status: 'failed', reason: 'crashed', detail: 'SIGSEGV', logTail: 'the end' } as const

/** The first trial ends well, the engine crashes in the second, the others are not begun. */
const crashing: Script = ({ trials: [first, second] }) => [
  claimed,
  loaded,
  ...trialRecords(first?.trialId ?? 0),
  { kind: 'trial-started', trialId: second?.trialId ?? 0, atUs: 3 },
  { kind: 'trial-ended', trialId: second?.trialId ?? 0, atUs: 4, end: crashed, invalid: [] },
  { kind: 'done', outcome: crashed, atMs: 9000 },
]
/** The worker vanishes in its second trial. */
const vanishing: Script = (launch, nth) => crashing(launch, nth).slice(0, -2)

const launchesOf = (store: Store) =>
  readLaunches(store, base.id).map(({ ordinal, attempt, status }) => `${ordinal}.${attempt} ${status}`)
const used = (store: Store) => readTrials(store, base.id).filter(({ unused }) => unused === undefined)
const unused = (store: Store) => readTrials(store, base.id).flatMap((trial) => trial.unused ?? [])

test('a trial that crashed runs again directly after, with what its launch did not come to, and is told so', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  const target = scripted((launch, nth) => (nth === 1 ? crashing(launch, nth) : well(launch, nth)))
  const { outcome, events } = await runScripted(lab.store, retrying, target)
  expect(outcome).toBe('complete')
  expect(launchesOf(lab.store)).toEqual(['0.1 failed', '0.2 ok', '1.1 ok', '2.1 ok', '3.1 ok'])
  expect(used(lab.store).map(({ status }) => status)).toEqual(Array(12).fill('ok'))
  expect(unused(lab.store)).toEqual(['retried', 'interrupted'])
  const ended = events.filter((event) => event.kind === 'trial-ended')
  expect(ended.map(({ again, done }) => [again, done]).slice(0, 4)).toEqual([
    [false, 1],
    [true, 1],
    [false, 2],
    [false, 3],
  ])
  expect(ended.at(-1)).toMatchObject({ done: 12, trials: 12 })
})

test('an engine that never comes up is tried twice, and then its trials have failed', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  const target = scripted((launch, nth) => (nth <= 2 ? failing(crashed) : well(launch, nth)))
  expect((await runScripted(lab.store, retrying, target)).outcome).toBe('complete')
  expect(launchesOf(lab.store).slice(0, 3)).toEqual(['0.1 failed', '0.2 failed', '1.1 ok'])
  expect(used(lab.store).filter(({ status }) => status === 'failed')).toHaveLength(3)
})

test('what has failed for good runs again where that is asked for, and nothing else does', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  const gone = { ...crashed, reason: 'out-of-memory' } as const
  const first = scripted((launch, nth) => (nth === 2 ? failing(gone) : well(launch, nth)))
  await runScripted(lab.store, retrying, first)
  const resumed = await runScripted(lab.store, retrying, scripted(well))
  expect(resumed.events.map(({ kind }) => kind)).toEqual(['started'])
  const { events } = await runScripted(lab.store, retrying, scripted(well), { retryFailed: true })
  expect(events.filter(({ kind }) => kind === 'launched')).toHaveLength(1)
  expect(used(lab.store).map(({ status }) => status)).toEqual(Array(12).fill('ok'))
  expect(unused(lab.store)).toEqual(Array(3).fill('retried'))
})

test('a block of a comparison in which a worker was lost runs again whole, at once', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, comparing)
  const target = scripted((launch, nth) => (nth === 2 ? vanishing(launch, nth) : well(launch, nth)))
  const { outcome, events } = await runScripted(lab.store, comparing, target)
  expect(outcome).toBe('complete')
  expect(launchesOf(lab.store)).toEqual(['0.1 ok', '0.2 ok', '1.1 interrupted', '1.2 ok', '2.1 ok', '3.1 ok'])
  expect(events.find(({ kind }) => kind === 'blocks-repeated')).toEqual({ kind: 'blocks-repeated', blocks: [0] })
  expect(unused(lab.store)).toEqual(Array(6).fill('block-repeated'))
  expect(events.findLast((event) => event.kind === 'trial-ended')).toMatchObject({ done: 12, trials: 12 })
})

test('without a comparison only what is missing runs', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  const target = scripted((launch, nth) => (nth === 2 ? vanishing(launch, nth) : well(launch, nth)))
  await runScripted(lab.store, retrying, target)
  expect(launchesOf(lab.store)).toEqual(['0.1 ok', '1.1 interrupted', '1.2 ok', '2.1 ok', '3.1 ok'])
  expect(unused(lab.store)).toEqual(['interrupted', 'interrupted'])
})

test('a crash of the engine interrupts no block', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, comparing)
  const target = scripted((launch, nth) => (nth === 2 ? crashing(launch, nth) : well(launch, nth)))
  await runScripted(lab.store, comparing, target)
  expect(launchesOf(lab.store)).toEqual(['0.1 ok', '1.1 failed', '1.2 ok', '2.1 ok', '3.1 ok'])
})

test('a block that a session left between two launches runs again whole when it is resumed, a complete one does not', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, comparing)
  const soft = new AbortController()
  const stopping = scripted((launch, nth) => {
    if (nth === 3) soft.abort()
    return well(launch, nth)
  })
  const interrupt = { soft: soft.signal, hard: noSignal }
  expect((await runScripted(lab.store, comparing, stopping, { interrupt })).outcome).toBe('interrupted')
  expect(launchesOf(lab.store)).toEqual(['0.1 ok', '1.1 ok', '2.1 ok', '3.1 pending'])
  expect((await runScripted(lab.store, comparing, scripted(well))).outcome).toBe('complete')
  expect(launchesOf(lab.store)).toEqual(['0.1 ok', '1.1 ok', '2.1 ok', '2.2 ok', '3.1 ok'])
})

test('strata and devices have blocks of their own', async () => {
  using lab = temporaryStore()
  const strata: Plan = {
    ...comparing,
    launches: comparing.launches.map((launch, i) => ({ ...launch, stratum: i % 2 === 0 ? '{"a":1}' : '{"a":2}' })),
  }
  insertPlan(lab.store, strata)
  const target = scripted((launch, nth) => (nth === 2 ? vanishing(launch, nth) : well(launch, nth)))
  await runScripted(lab.store, strata, target)
  expect(launchesOf(lab.store)).toEqual(['0.1 ok', '1.1 interrupted', '1.2 ok', '2.1 ok', '3.1 ok'])
})

test('files that are missing end the run; to keep going they fail the trials that need them, and the others run', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  expect((await runScripted(lab.store, retrying, scripted(well), { ensure: withoutF16 })).outcome).toBeInstanceOf(
    UserError,
  )
  const { outcome, events } = await runScripted(lab.store, retrying, scripted(well), {
    ensure: withoutF16,
    keepGoing: true,
  })
  expect(outcome).toBe('complete')
  expect(launchesOf(lab.store)).toEqual(['0.1 failed', '1.1 ok', '2.1 failed', '3.1 ok'])
  const failed = used(lab.store).filter(({ status }) => status === 'failed')
  expect(failed.map(({ reason, detail }) => `${reason}: ${detail}`)).toEqual(
    Array(6).fill('artifact-missing: f16.gguf is not there'),
  )
  expect(events.filter(({ kind }) => kind === 'trial-ended')).toHaveLength(12)
})

test('a device in use fails its trials where the run is to keep going', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  const target = scripted((launch, nth) =>
    nth === 1 ? failing({ status: 'refused', detail: 'device cpu0 is in use' }) : well(launch, nth),
  )
  expect((await runScripted(lab.store, retrying, target, { keepGoing: true })).outcome).toBe('complete')
  expect(launchesOf(lab.store)).toEqual(['0.1 failed', '1.1 ok', '2.1 ok', '3.1 ok'])
  expect(used(lab.store)[0]).toMatchObject({ status: 'failed', reason: 'refused', detail: 'device cpu0 is in use' })
})

test('a full disk is waited out, and said once; nothing is lost or doubled', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  let refusals = 5
  const target = scripted(well)
  const waits: number[] = []
  const { outcome, events } = await runScripted(
    lab.store,
    retrying,
    { ...target, put: async (launch) => (refusals-- > 0 ? full() : target.put(launch)) },
    { wait: async (ms) => void waits.push(ms) },
  )
  expect(outcome).toBe('complete')
  expect(events.filter(({ kind }) => kind === 'waiting' || kind === 'waited')).toEqual([
    { kind: 'waiting', for: 'disk', detail: 'disk full at /lab: waiting, free some space (needs about 2.5 MB)' },
    { kind: 'waited', for: 'disk' },
  ])
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(15_000)
  expect(used(lab.store)).toHaveLength(12)
})

test('Ctrl-C ends the wait for room', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, retrying)
  const soft = new AbortController()
  const { outcome } = await runScripted(
    lab.store,
    retrying,
    { ...scripted(well), put: async () => full() },
    { wait: async () => soft.abort(), interrupt: { soft: soft.signal, hard: noSignal } },
  )
  expect(outcome).toBe('interrupted')
  expect((await runScripted(lab.store, retrying, scripted(well))).outcome).toBe('complete')
})

const full = (): never => {
  throw new DiskFullError('no room', { place: '/lab', needsBytes: 2.5e6, cause: undefined })
}

const withoutF16 = async (cell: Plan['cells'][number]) => {
  if (cell.config.quantization === 'f16') throw new UserError('f16.gguf is not there')
  return cell.artifact
}
