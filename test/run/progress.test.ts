import { expect, test } from 'vitest'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { ProgressReader } from '../../lib/run/progress.ts'
import { continueLaunch, leftovers } from '../../lib/store/continue-launch.ts'
import { endLaunch } from '../../lib/store/end-launch.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { changeMark } from '../../lib/store/progress-rows.ts'
import { readPlan } from '../../lib/store/read-plan.ts'
import { claimed, commitAll, examplePlan, loaded, startedPlan, temporaryStore, trialRecords } from '../store/example.ts'

const invalid = [{ reason: 'contention' as const, detail: 'others computed' }]

test('a reader follows a launch from its start: what ended, what runs since when, what went wrong', () => {
  using temporary = temporaryStore()
  const { store } = temporary
  const { launchId } = startedPlan(store)
  const reader = new ProgressReader(store, readPlan(store, examplePlan().id))
  expect(reader.read()).toMatchObject({ trials: 12, counts: { open: 12, ok: 0 }, launch: { id: launchId } })
  expect(reader.read().left).toBeUndefined()
  const ended = { kind: 'trial-ended' as const, trialId: 2, atUs: 400_000, end: { status: 'ok' as const }, invalid }
  const second = [{ kind: 'trial-started' as const, trialId: 2, atUs: 300_000 }, ended]
  commitAll(store, launchId, [
    claimed,
    loaded,
    ...trialRecords(1),
    ...second,
    { kind: 'trial-started', trialId: 3, atUs: 500_000 },
  ])
  for (const trialId of [1, 2]) deriveMeasurements(store, trialId)
  const { cells, counts, launch, problem, left } = reader.read()
  expect(counts).toEqual({ open: 9, running: 1, ok: 1, invalid: 1, failed: 0 })
  expect(cells.map(({ states }) => states.join())).toEqual([
    'ok,open',
    'invalid,open',
    'running,open',
    ...Array(3).fill('open,open'),
  ])
  expect(cells[0]?.measured).toMatchObject({ metric: 'decode_tps', values: [expect.any(Number)] })
  expect(cells[2]?.runningSinceMs).toBe(1500) // the launch was claimed at 1000
  expect(launch?.trial?.id).toBe(3)
  expect(problem).toMatchObject({ state: 'invalid', detail: 'others computed' })
  expect(left?.basis).toBe('by other cells')
})

test('a trial that is measured again counts once, by its last attempt', () => {
  using temporary = temporaryStore()
  const { store } = temporary
  const { launchId } = startedPlan(store)
  const reader = new ProgressReader(store, readPlan(store, examplePlan().id))
  commitAll(store, launchId, [claimed, loaded, ...trialRecords(1), { kind: 'trial-started', trialId: 2, atUs: 9 }])
  endLaunch(store, { launchId, outcome: { status: 'stopped' }, atMs: 2000 })
  reader.read()
  for (const left of leftovers(store, examplePlan().id)) continueLaunch(store, left)
  expect(reader.read()).toMatchObject({ trials: 12, counts: { open: 11, ok: 1, running: 0 } })
})

test('the mark changes with what this program writes and with what another one does, and else stays', () => {
  using temporary = temporaryStore()
  const mark = changeMark(temporary.store)
  expect(changeMark(temporary.store)).toBe(mark)
  insertPlan(temporary.store, examplePlan())
  expect(changeMark(temporary.store)).not.toBe(mark)
})
