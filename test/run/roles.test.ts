import { expect, test } from 'vitest'
import type { LaunchRole, Plan } from '../../lib/domain/plan.ts'
import { readComparison } from '../../lib/lab/read-comparison.ts'
import { ProgressReader } from '../../lib/run/progress.ts'
import { progressLine } from '../../lib/run/progress-lines.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { readLaunches } from '../../lib/store/launches.ts'
import { readTrials } from '../../lib/store/read-trials.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, examplePlan, loaded, temporaryStore } from '../store/example.ts'
import { failing, noSignal, runScripted, type Script, scripted, well } from './scripted-target.ts'

const base = examplePlan()
type Planned = Plan['launches'][number]
const [a, b, c, d] = base.launches as [Planned, Planned, Planned, Planned]
const as = (role: LaunchRole, launch: Planned): Planned => ({ ...launch, role, cellIds: launch.cellIds.slice(0, 1) })

/** Two blocks of two arms and a twin; a sentinel before the first and after the last. */
const plan: Plan = {
  ...base,
  compare: { treatment: ['quantization'], pairs: [], margins: [{ metric: 'decode_tps', margin: 0.02 }] },
  launches: [as('sentinel', a), a, b, as('twin', a), c, as('twin', c), d, as('sentinel', c)],
}
const trials = 2 * 7 + 2
const vanishing: Script = ({ trials: [first] }) => [
  claimed,
  loaded,
  { kind: 'trial-started', trialId: first?.trialId ?? 0, atUs: 3 },
]

const launchesOf = (store: Store) =>
  readLaunches(store, plan.id).map(({ ordinal, attempt, status, role = '' }) =>
    `${ordinal}.${attempt} ${status} ${role}`.trim(),
  )
const unused = (store: Store) => readTrials(store, plan.id).filter((trial) => trial.unused !== undefined).length
const vanishingIn = (nth: number) => scripted((launch, at) => (at === nth ? vanishing(launch, at) : well(launch, at)))

test('all of it runs, is told as what it is, and counts in the progress; the states of a cell are its own trials', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const { outcome, events } = await runScripted(lab.store, plan, scripted(well))
  expect(outcome).toBe('complete')
  const lines = events.map(progressLine)
  expect(lines[0]).toBe(`plan ${plan.id}: ${trials} of ${trials} trials to measure`)
  expect(lines.filter((line) => line.startsWith('launch')).map((line) => /\(.*\)$/.exec(line)?.[0])).toEqual([
    '(sentinel)',
    undefined,
    undefined,
    '(A/A)',
    undefined,
    '(A/A)',
    undefined,
    '(sentinel)',
  ])
  expect(lines.filter((line) => / \(A\/A\): /.test(line))).toHaveLength(2)
  const progress = new ProgressReader(lab.store, plan).read()
  expect(progress).toMatchObject({ trials, counts: { ok: trials, open: 0 } })
  expect(progress.cells.map(({ states }) => states.length)).toEqual(base.cells.map(() => 2))
})

test('a block in which a twin was lost runs again whole, and one that is repeated repeats its twin; sentinels stay', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  await runScripted(lab.store, plan, vanishingIn(4))
  expect(launchesOf(lab.store)).toEqual([
    '0.1 ok sentinel',
    '1.1 ok',
    '1.2 ok',
    '2.1 ok',
    '2.2 ok',
    '3.1 interrupted twin',
    '3.2 ok twin',
    '4.1 ok',
    '5.1 ok twin',
    '6.1 ok',
    '7.1 ok sentinel',
  ])
  expect(unused(lab.store)).toBe(7)
})

test('a sentinel that was lost runs again alone', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const { events } = await runScripted(lab.store, plan, vanishingIn(8))
  expect(launchesOf(lab.store).slice(-2)).toEqual(['7.1 interrupted sentinel', '7.2 ok sentinel'])
  expect(events.some(({ kind }) => kind === 'blocks-repeated')).toBe(false)
  expect(unused(lab.store)).toBe(1)
})

test('a run that was stopped within a block is resumed with the whole of it, twins too, and without its sentinel', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const soft = new AbortController()
  const stopping = scripted((launch, nth) => {
    if (nth === 2) soft.abort()
    return well(launch, nth)
  })
  const interrupt = { soft: soft.signal, hard: noSignal }
  expect((await runScripted(lab.store, plan, stopping, { interrupt })).outcome).toBe('interrupted')
  expect((await runScripted(lab.store, plan, scripted(well))).outcome).toBe('complete')
  expect(launchesOf(lab.store).slice(0, 5)).toEqual(['0.1 ok sentinel', '1.1 ok', '1.2 ok', '2.1 ok', '3.1 ok twin'])
})

test('a twin that was killed with its runner is measured again with its block, and only the second time counts', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const soft = new AbortController()
  const dying = scripted((launch, nth) => {
    if (nth < 4) return well(launch, nth)
    soft.abort()
    return vanishing(launch, nth)
  })
  await runScripted(lab.store, plan, dying, { interrupt: { soft: soft.signal, hard: noSignal } })
  expect((await runScripted(lab.store, plan, scripted(well))).outcome).toBe('complete')
  expect(launchesOf(lab.store).slice(1, 7)).toEqual([
    '1.1 ok',
    '1.2 ok',
    '2.1 ok',
    '2.2 ok',
    '3.1 interrupted twin',
    '3.2 ok twin',
  ])
  const [twin] = readComparison(lab.store, plan.id).twins
  const metrics = twin?.cells.flatMap((cell) => cell.metrics) ?? []
  expect(metrics.length).toBeGreaterThan(0)
  for (const metric of metrics)
    expect(metric).toMatchObject({ verdict: { row: 'too-few-blocks', blocks: 2 }, losses: [] })
})

test('what failed is retried: a sentinel alone, a twin with its block', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const gone = { status: 'failed', reason: 'out-of-memory', detail: 'no room', logTail: '' } as const
  const target = scripted((launch, nth) => (nth === 1 || nth === 4 ? failing(gone) : well(launch, nth)))
  await runScripted(lab.store, plan, target)
  const { events } = await runScripted(lab.store, plan, scripted(well), { retryFailed: true })
  expect(events.find(({ kind }) => kind === 'blocks-repeated')).toEqual({ kind: 'blocks-repeated', blocks: [0] })
  expect(launchesOf(lab.store).filter((each) => each.includes('.2'))).toEqual([
    '0.2 ok sentinel',
    '1.2 ok',
    '2.2 ok',
    '3.2 ok twin',
  ])
  expect(readTrials(lab.store, plan.id).filter((each) => each.unused === undefined && each.status !== 'ok')).toEqual([])
})
