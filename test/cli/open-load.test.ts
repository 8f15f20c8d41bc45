import { expect, test } from 'vitest'
import type { Plan } from '../../lib/domain/plan.ts'
import { progressLine } from '../../lib/run/progress-lines.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { ProgressReader } from '../../lib/run/progress.ts'
import { progressTable } from '../../lib/cli/progress-table.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { failedRequests } from '../../lib/store/failed-requests.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted } from '../../lib/store/launches.ts'
import { trialsToDerive } from '../../lib/store/measurements.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, done, examplePlan, loaded, numbered, trialRecords } from '../store/example.ts'
import { completion, failed, without } from '../measure/requests.ts'
import { CommandLine } from './command-line.ts'

/** The example with one cell under an open load, and objectives. */
function openPlan(): Plan {
  const plan = examplePlan()
  const load = { kind: 'poisson', ratePerSecond: 20, clients: 64, seed: 1, requests: 4 } as const
  const cells = plan.cells.slice(0, 1).map((cell) => ({ ...cell, config: { ...cell.config, load } }))
  const launches = [{ block: 0, arm: '{}', stratum: '{}', device: 'cpu0', cellIds: cells.map(({ id }) => id) }]
  return { ...plan, cells, launches, blocks: 1, skipped: [], objectives: { ttft_scheduled_ms: 200 } }
}
const requests = [
  completion(),
  completion({ outcome: failed }),
  completion({ outcome: failed, scheduledUs: 2_000_000, sentUs: 2_000_000 }),
  completion({ outcome: { ...failed, reason: 'rate-limited' } }),
  without(completion({ outcome: { ...failed, reason: 'cut-off' } }), 'events'),
  completion({ outcome: failed, phase: 'warmup' }),
]

function measured(store: Store): Plan {
  const plan = openPlan()
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs: 1000 })
  markStarted(store, { launchId: 1, sessionId, spool: 'spools/1' })
  const records = numbered([claimed, loaded, ...trialRecords(1, requests), done])
  commitRecords(store, { launchId: 1, records, endOffset: 10 })
  for (const trial of trialsToDerive(store, plan.id)) deriveMeasurements(store, trial)
  return plan
}

test('of the requests that failed it is known how many for which reason; warm-up and what the end cut off are none', () => {
  using lab = new CommandLine()
  using store = openStore({ file: lab.store, mode: 'write' })
  measured(store)
  expect(failedRequests(store, 1)).toEqual({ stall: 2, 'rate-limited': 1 })
})

test('show has the load, what users waited, what was good, and what failed', async () => {
  using lab = new CommandLine()
  {
    using store = openStore({ file: lab.store, mode: 'write' })
    measured(store)
  }
  expect((await lab.run(['show', 'latest'])).stdout).toMatchInlineSnapshot(`
    "A quick look (plan c0ffee000001)

    model  quantization  workload  load          trials  TTFT from schedule ms  good share  good requests requests/s  decode tokens/s  TTFT ms  peak PSS  load ms
    demo   f16           chat      poisson 20/s  1 ok                   110.00     0.25000                    1.0000           40.000   100.00      0 MB   812.50

    requests that failed
      demo · f16 · chat: 2 stall, 1 rate-limited

    Its last runner has died: go on with benchbook run --resume c0ffee000001
    "
  `)
})

test('the table of a run has the load in its head, and what was good beside the wait', () => {
  using lab = new CommandLine()
  using store = openStore({ file: lab.store, mode: 'write' })
  const plan = measured(store)
  const progress = new ProgressReader(store, plan).read()
  const lines = progressTable(progress, { plan, columns: 100, rows: 20, nowMs: 0, symbols: 'ascii' })
  // oxlint-disable-next-line no-control-regex
  expect(lines.map((line) => line.replaceAll(/\u001b\[[\d;]*m/g, '')).join('\n')).toMatchInlineSnapshot(`
    "quick (plan c0ffee000001), poisson 20/s
    model  quantization  workload  trials  so far                                  n     now
    demo   f16           chat      +       TTFT from schedule 110.0 ms, 25 % good  1
    #################### 1 of 1 trials · done
    + 1 ok"
  `)
})

test('the table of a run has what invalid trials say in brackets, as long as there are no others', () => {
  using lab = new CommandLine()
  using store = openStore({ file: lab.store, mode: 'write' })
  const plan = measured(store)
  store.sql(`UPDATE trial SET invalid = '[{"reason":"contention","detail":"others"}]'`).run()
  const progress = new ProgressReader(store, plan).read()
  const lines = progressTable(progress, { plan, columns: 100, rows: 20, nowMs: 0, symbols: 'ascii' })
  expect(lines.join('\n')).toContain('(TTFT from schedule 110.0 ms, 25 % good)')
})

test('a line of a trial tells the wait from the schedule, what was good and what failed', () => {
  const [cell] = openPlan().cells
  const event = {
    kind: 'trial-ended' as const,
    cell: cell as Plan['cells'][0],
    block: 0,
    end: { status: 'ok' as const },
    invalid: [],
    metrics: { decode_tps: { value: 40 }, ttft_scheduled_ms: { value: 23.456 }, goodput_share: { value: 0.971 } },
    failures: { stall: 2, 'rate-limited': 1 },
    queue: { trialId: 1, arrivals: 2000, waited: 101, unserved: 12 },
    again: false,
    done: 1,
    trials: 1,
    leftMs: 0,
  }
  expect(progressLine({ ...event, cell: { ...event.cell, axes: {} } })).toContain('[1/1] the only cell: TTFT')
  expect(progressLine(event)).toMatchInlineSnapshot(
    `"[1/1] demo · f16 · chat: TTFT from schedule 23.46 ms, 97.1 % good, 3 requests failed (2 stall, 1 rate-limited), 101 of 2,000 arrivals waited for a client, 12 of them until the end: raise load.clients (64), or ask for less"`,
  )
})
