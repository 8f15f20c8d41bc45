import { expect, test } from 'vitest'
import type { Plan } from '../../lib/domain/plan.ts'
import { blockTimes } from '../../lib/cli/power-text.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted, readLaunches } from '../../lib/store/launches.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { endSession, startSession } from '../../lib/store/sessions.ts'
import { claimed, done, exampleRequest, loaded, numbered, trialRecords } from '../store/example.ts'
import { CommandLine } from './command-line.ts'
import { freshId } from './stored-plan.ts'

const file = 'experiments/two.yaml'
const experiment = (rest: string) => `name: two
axes: { model: [random-5m], quantization: [f16, q4_0], workload: [decode] }
load: { requests: 1 }
repeat: { blocks: 4 }
${rest}`
const comparing = experiment('compare: { treatment: [quantization], metrics: { decode_tps: 2%, e2e_ms: 4% } }\n')
const asked = ['plan', file, '--power', '3%']

/** The experiment's plan in the store, every trial measured: the times between tokens go up and down from launch to launch. */
async function pilot(line: CommandLine, id = freshId()): Promise<string> {
  const { stdout } = await line.run(['plan', file, '--json'])
  const { benchbook: _, time: __, notes: ___, ...made } = JSON.parse(stdout) as Plan & Record<string, unknown>
  using store = openStore({ file: line.store, mode: 'write' })
  insertPlan(store, { ...made, id, createdAtMs: 0, seed: 1, command: 'benchbook run' })
  const sessionId = startSession(store, { planId: id, atMs: 1000 })
  for (const { id: launchId, block, arm } of readLaunches(store, id)) {
    markStarted(store, { launchId, sessionId, spool: `spools/${launchId}` })
    const gapUs = Math.round(20_000 * (1 + (arm.includes('q4_0') ? 0.01 * [1, -2, 2, -1][block]! : 0)))
    const request = {
      ...exampleRequest,
      events: { deltasUs: [10_000, gapUs, gapUs] },
      doneUs: 1010 + 10_000 + 2 * gapUs,
    }
    const trials = readLaunchTrials(store, launchId)
    const records = [claimed, loaded, ...trials.flatMap((trial) => trialRecords(trial.id, [request])), done]
    commitRecords(store, { launchId, records: numbered(records), endOffset: 10 })
    for (const trial of trials) deriveMeasurements(store, trial.id)
  }
  endSession(store, { sessionId, atMs: 2000, status: 'ended' })
  return id
}

test('from a pilot it says how many blocks and how much time an effect needs', async () => {
  using line = new CommandLine({ [file]: comparing })
  const id = await pilot(line)
  const { exitCode, stdout } = await line.run(asked)
  expect(exitCode).toBe(0)
  expect(stdout.slice(stdout.indexOf('to find')).replace(id, 'PILOT')).toMatchInlineSnapshot(`
    "to find an effect of 3 %, by pilot PILOT (4 blocks: noise known to about ± 41 %)

    q4_0 against f16
    metric      noise  to be shown  80 %               95 %
    decode_tps  1.8 %  found        7 blocks, 2 min    9 blocks, 2 min
                       beyond 2 %   36 blocks, 10 min  56 blocks, 15 min
    e2e_ms      1.5 %  found        6 blocks, 96 s     7 blocks, 2 min
                       beyond 4 %   no: it is within

    noise: the standard deviation of B / A from block to block
    found: the interval excludes no difference; beyond: it lies wholly beyond
    80 %, 95 %: of the experiments of that size
    "
  `)
})

test('as JSON it has every number, and how long the blocks take', async () => {
  using line = new CommandLine({ [file]: comparing })
  const id = await pilot(line)
  const { stdout } = await line.run([...asked, '--json'])
  const { power, time } = JSON.parse(stdout) as {
    power: { comparisons: Record<string, unknown>[] }
    time: { ms: number }
  }
  expect(power).toMatchObject({ effect: 0.03, pilot: id })
  const [first] = power.comparisons
  expect(first).toMatchObject({ kind: 'planned', metric: 'decode_tps', change: 1.03, pilotBlocks: 4, margin: 0.02 })
  const found = first?.['found'] as { power: number; blocks: number; ms: number }[] | undefined
  const need = found?.[0]
  expect(need?.power).toBe(0.8)
  expect(need?.ms).toBeCloseTo(((need?.blocks ?? 0) * time.ms) / 4, -1)
})

test('the pilot may be named, and has to have what is compared', async () => {
  using line = new CommandLine({ [file]: comparing })
  const [older, newer] = [await pilot(line), await pilot(line)]
  const { stdout } = await line.run(asked)
  expect(stdout).toContain(`by pilot ${newer}`)
  expect((await line.run([...asked, '--pilot', older])).stdout).toContain(`by pilot ${older}`)
  line.write(file, comparing.replace('random-5m', 'random-50m'))
  expect((await line.refused([...asked, '--pilot', older])).replace(older, 'PILOT')).toMatchInlineSnapshot(`
    "2 benchbook: --pilot: plan PILOT has no two valid blocks of what experiments/two.yaml compares: make one with benchbook run experiments/two.yaml --blocks 6, then ask again
    "
  `)
})

test('a plan of other comparisons of the same cells is a pilot as well', async () => {
  using line = new CommandLine({ [file]: experiment('') })
  const id = await pilot(line)
  line.write(file, comparing.replace('name: two', 'name: three'))
  expect((await line.run(asked)).stdout).toContain(`by pilot ${id}`)
})

test('without a pilot it says how to make one', async () => {
  using line = new CommandLine({ [file]: comparing })
  expect(await line.refused(asked)).toMatchInlineSnapshot(`
    "2 benchbook: --power needs a pilot, and there is no store at /lab/data/benchbook.db: make one with benchbook run experiments/two.yaml --blocks 6, then ask again
    "
  `)
  openStore({ file: line.store, mode: 'write' })[Symbol.dispose]()
  expect(await line.refused(asked)).toMatchInlineSnapshot(`
    "2 benchbook: --power needs a pilot, a plan of these cells with two valid blocks, and /lab/data/benchbook.db has none: make one with benchbook run experiments/two.yaml --blocks 6, then ask again
    "
  `)
})

test('what is asked wrongly', async () => {
  using line = new CommandLine({ [file]: experiment('') })
  expect(await line.refused(asked)).toMatchInlineSnapshot(`
    "2 benchbook: --power is about a comparison, and experiments/two.yaml declares none: say what makes the arms, such as compare: { treatment: [quantization] }
    "
  `)
  expect(await line.refused(['plan', file, '--power', '3'])).toMatchInlineSnapshot(`
    "2 benchbook: --power 3: say how large an effect is to be found, above 0 and up to 100%, such as 3%
    "
  `)
  expect(await line.refused(['plan', file, '--power', '0%'])).toMatchInlineSnapshot(`
    "2 benchbook: --power 0%: say how large an effect is to be found, above 0 and up to 100%, such as 3%
    "
  `)
  expect(await line.refused(['plan', file, '--pilot', 'latest'])).toMatchInlineSnapshot(`
    "2 benchbook: --pilot names the plan that --power learns from: say --power 3% as well
    "
  `)
})

const launch = (block: number, arm: string) => ({ block, arm, stratum: '{}', device: 'local-cpu', cellIds: ['a'] })
const aSecondEach = ({ launches }: Plan) => 1000 * launches.length

test('more blocks take as long as those between the first and the last, in which a text is scored', () => {
  const launches = [0, 1, 2, 3, 3].map((block, i) => launch(block, `${i}`))
  const plan = { blocks: 4, launches: [launch(0, 's'), ...launches] } as unknown as Plan
  const times = blockTimes(plan, aSecondEach(plan), aSecondEach)
  expect([4, 10, 2].map((blocks) => times?.(blocks))).toEqual([6000, 12_000, 4000])
  expect(blockTimes(plan, 6000, () => undefined)).toBeUndefined()
})
