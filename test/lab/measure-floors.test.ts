import { expect, test } from 'vitest'
import type { LaunchRole, Plan } from '../../lib/domain/plan.ts'
import { measureFloors } from '../../lib/lab/measure-floors.ts'
import { noiseFloorFinding } from '../../lib/lab/noise-floor-finding.ts'
import { readComparison } from '../../lib/lab/read-comparison.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted, readLaunches } from '../../lib/store/launches.ts'
import { readNoiseFloors } from '../../lib/store/noise-floors.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import {
  claimed,
  done,
  exampleManifest,
  examplePlan,
  exampleRequest,
  loaded,
  numbered,
  temporaryStore,
  trialRecords,
} from '../store/example.ts'

const blocks = 6
const base = examplePlan()
const cells = base.cells.filter(({ config }) => config.workload.name === 'chat')
const [first] = base.launches as [Plan['launches'][number], ...Plan['launches']]
const launch = (block: number, cell: (typeof cells)[number], role?: LaunchRole) => ({
  ...first,
  block,
  arm: cell.arm,
  cellIds: [cell.id],
  ...(role && { role }),
})
const [f16, q4] = cells as [(typeof cells)[number], (typeof cells)[number]]
const each = (of: (block: number) => Plan['launches']) => Array.from({ length: blocks }, (_, block) => of(block)).flat()
/** Both arms alike; `twins`: the first runs against itself instead. */
const planOf = (id: string, twins: boolean): Plan =>
  examplePlan({
    id,
    blocks,
    cells: twins ? [f16] : cells,
    launches: each((block) =>
      twins ? [launch(block, f16), launch(block, f16, 'twin')] : [launch(block, f16), launch(block, q4)],
    ),
    compare: {
      treatment: ['quantization'],
      pairs: twins ? [] : [{ base: f16.arm, against: q4.arm }],
      margins: [{ metric: 'decode_tps', margin: 0.02 }],
    },
  })

/** Measures a plan: every third launch takes a little longer for its tokens. */
function measure(store: Store, plan: Plan, atMs: number): void {
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs })
  for (const [at, { id: launchId }] of readLaunches(store, plan.id).entries()) {
    markStarted(store, { launchId, sessionId, spool: `s/${launchId}` })
    const trialId = readLaunchTrials(store, launchId)[0]?.id ?? 0
    const times = [10_000, 20_000, 30_000].map((us) => us + (at % 3 === 0 ? 20 : 0))
    const request = { ...exampleRequest, doneUs: 90_000, events: { ...exampleRequest.events, deltasUs: times } }
    const records = numbered([claimed, loaded, ...trialRecords(trialId, [request]), done])
    commitRecords(store, { launchId, records, endOffset: 1 })
    deriveMeasurements(store, trialId)
  }
}

test('the end of an A/A run keeps what it says of its target, and doctor tells it to machines alike alone', () => {
  using lab = temporaryStore()
  const twins = planOf('c0ffee000001', true)
  measure(lab.store, twins, 1000)
  const floors = measureFloors(lab.store, twins.id)
  expect(floors.map(({ metric, blocks: n, engine }) => [metric, n, engine])).toEqual([['decode_tps', 6, 'llama.cpp']])
  expect(readNoiseFloors(lab.store)).toEqual(floors)
  expect(measureFloors(lab.store, twins.id)).toEqual(floors)
  expect(noiseFloorFinding(lab.file, exampleManifest.host)).toMatchObject({
    status: 'ok',
    says: expect.stringMatching(/^llama\.cpp on cpu0, 6 blocks: decode_tps 0\.\d % \(plan c0ffee000001\)$/),
  })
  expect(noiseFloorFinding(lab.file, { ...exampleManifest.host, cores: 99 }).says).toMatch(/^not measured/)
  expect(noiseFloorFinding(`${lab.file}.none`, exampleManifest.host).says).toMatch(/repeat: \{ aa: true \}/)
})

test('a plan without twins measures none, and rests on those that were measured before it', () => {
  using lab = temporaryStore()
  const [before, comparing, after] = ['c0ffee000001', 'c0ffee000002', 'c0ffee000003'].map((id, i) =>
    planOf(id, i !== 1),
  )
  if (!before || !comparing || !after) throw new Error('there are three')
  const floorIn = () => readComparison(lab.store, comparing.id).comparisons[0]?.cells[0]?.metrics[0]?.floor
  measure(lab.store, comparing, 2000)
  expect(measureFloors(lab.store, comparing.id)).toEqual([])
  measure(lab.store, after, 3000)
  measureFloors(lab.store, after.id)
  expect(floorIn()).toBeUndefined()
  measure(lab.store, before, 1000)
  const [floor] = measureFloors(lab.store, before.id)
  expect(floorIn()).toBe(floor?.floor)
})
