import { expect, test } from 'vitest'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { trialsToDerive } from '../../lib/store/measurements.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { examplePlan } from '../store/example.ts'
import { CommandLine } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

/** A plan, and one of one quantization, another title and another number of threads for one of its cells. */
function twoPlans(): CommandLine {
  const lab = new CommandLine()
  storePlan(lab.store, 'complete', { id: 'aaaa00000001' })
  const plan = examplePlan()
  const cells = plan.cells
    .filter(({ axes }) => axes['quantization'] === 'f16')
    .map((cell) =>
      cell.axes['workload'] === 'speed'
        ? {
            ...cell,
            id: 'other'.padEnd(64, '0'),
            config: { ...cell.config, backend: { ...cell.config.backend, threads: 4 } },
          }
        : cell,
    )
  const launches = [{ block: 0, arm: '{}', stratum: '{}', device: 'cpu0', cellIds: cells.map(({ id }) => id) }]
  const experiment = { ...plan.experiment, title: 'Again\u001b[2J', digest: 'f'.repeat(64) }
  storePlan(lab.store, 'complete', { id: 'bbbb00000002', cells, launches, blocks: 1, experiment })
  using store = openStore({ file: lab.store, mode: 'write' })
  for (const id of ['aaaa00000001', 'bbbb00000002'])
    for (const trial of trialsToDerive(store, id)) deriveMeasurements(store, trial)
  return lab
}

test('what differs between two plans, and the metrics of the cells they share', async () => {
  using lab = twoPlans()
  const { exitCode, stdout, stderr } = await lab.run(['diff', 'aaaa', 'bbbb'])
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout).toMatchInlineSnapshot(`
    "a  aaaa00000001  A quick look
    b  bbbb00000002  Again\\u{1b}[2J

    Experiment
                             a             b
    title                    A quick look  Again\\u{1b}[2J
    text (sha256)            eeeeeeeeeeee  ffffffffffff
    blocks                   2             1
    axis quantization, only  q4_0

    Cells only in a
    demo · q4_0 · chat
    demo · q4_0 · quality
    demo · q4_0 · speed

    Not the same cell: demo · f16 · speed
                     a  b
    backend.threads  1  4

    Setup: no difference

    Artifacts
               a             b
    demo q4_0  q4_0dddddddd  –

    Cells in both
    cell                  metric                a  n       b  n  b / a
    demo · f16 · chat     TTFT ms          100.00  2  100.00  1  1.000
    demo · f16 · chat     decode tokens/s  40.000  2  40.000  1  1.000
    demo · f16 · chat     load ms          812.50  2  812.50  1  1.000
    demo · f16 · chat     peak PSS           0 MB  2    0 MB  1  1.000
    demo · f16 · quality  TTFT ms          100.00  2  100.00  1  1.000
    demo · f16 · quality  decode tokens/s  40.000  2  40.000  1  1.000
    demo · f16 · quality  load ms          812.50  2  812.50  1  1.000
    demo · f16 · quality  peak PSS           0 MB  2    0 MB  1  1.000

    The two were measured in different sessions: machine and room may have changed between them, and no ratio here is a
    verdict. For one, put both into one experiment, whose blocks measure them side by side.
    "
  `)
})

test('as JSON it has every metric, and says that it is no verdict', async () => {
  using lab = twoPlans()
  const found = JSON.parse((await lab.run(['diff', 'aaaa', 'bbbb', '--json'])).stdout)
  expect(found).toMatchObject({ benchbook: 1, a: 'aaaa00000001', b: 'bbbb00000002', verdict: null })
  expect(found.shared).toHaveLength(2)
  expect(found.changed[0].differences).toEqual([{ field: 'backend.threads', a: '1', b: '4' }])
})

test('a plan beside itself differs in nothing', async () => {
  using lab = twoPlans()
  const found = JSON.parse((await lab.run(['diff', 'aaaa', 'aaaa', '--json'])).stdout)
  expect(found).toMatchObject({
    experiment: [],
    axes: [],
    onlyA: [],
    onlyB: [],
    changed: [],
    setups: [],
    artifacts: [],
    note: 'The two are one and the same plan.',
  })
  expect(await lab.refused(['diff', 'aaaa', 'cccc'])).toMatchInlineSnapshot(`
    "2 benchbook: no plan "cccc" in /lab/data/benchbook.db; \`benchbook list\` shows those it has
    "
  `)
})
