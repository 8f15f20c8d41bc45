import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import type { Cell } from '../../lib/domain/cell.ts'
import type { PlanData, RequestRow, TrialRow } from '../../lib/domain/plan-data.ts'
import { fixture } from './fixture.ts'

const prompts = [
  { id: 'short', text: 'Say it.' },
  { id: '<img src=x onerror=alert(1)>', text: '"><script>alert(2)</script>' },
]

/**
 * Arms of two engines that answer two prompts, one of them with a hostile name: the first arm says itself what it took, the second
 * is another engine whose answers differ, the third failed at the second prompt, and the fourth in every trial.
 */
export function armsFixture(): PlanData {
  const data = fixture({ models: ['demo'], threads: [1], blocks: 2, requests: 4 })
  const cells = data.plan.cells.map((cell, at) => withPrompts(cell, at))
  const order = cells.filter(({ config }) => config.workload.kind === 'completion').map(({ id }) => id)
  const place = new Map(data.trials.map(({ id, cellId }) => [id, order.indexOf(cellId)]))
  const trials = data.trials.map((trial) => changed(trial, order.indexOf(trial.cellId)))
  const failed = new Set(trials.filter(({ status }) => status === 'failed').map(({ id }) => id))
  const first = trials.filter(({ cellId }) => cellId === order[0])
  return {
    ...data,
    plan: { ...data.plan, cells },
    trials,
    requests: data.requests
      .filter(({ trialId }) => !failed.has(trialId))
      .map((row) => asked(row, place.get(row.trialId) ?? -1)),
    engineTimes: first.map(({ id }) => ({ trialId: id, n: 4, ttftMs: 12, promptMs: 9.5 })),
    answers: order
      .slice(0, 3)
      .flatMap((cellId, at) =>
        prompts.map(({ id }) => ({ cellId, promptId: id, text: at === 1 ? 'a<b>\u202e' : 'abc', texts: 1 })),
      ),
  }
}

function withPrompts(cell: Cell, at: number): Cell {
  const { workload } = cell.config
  if (workload.kind !== 'completion') return cell
  const backend = (at < 2 ? cell.config.backend : { ...cell.config.backend, kind: 'vllm' }) as BackendConfig
  return { ...cell, config: { ...cell.config, backend, workload: { ...workload, prompts } } }
}

function changed(trial: TrialRow, at: number): TrialRow {
  if (at === 3) return { ...trial, status: 'failed', reason: 'out-of-memory', metrics: {} }
  if (at !== 0) return trial
  return { ...trial, metrics: { ...trial.metrics, decode_tps: { value: 100 }, engine_decode_tps: { value: 110 } } }
}

/** A second slower for each arm; the second prompt takes twice as long. */
function asked(row: RequestRow, at: number): RequestRow {
  if (row.part !== 'completion') return row
  const which = row.index % prompts.length
  const promptId = prompts[which]?.id ?? ''
  if (at === 2 && which === 1) return { ...row, promptId, status: 'failed', reason: 'stall', metrics: {} }
  const e2e_ms = 1000 * (3 - at) * (which + 1)
  return { ...row, promptId, metrics: { ...row.metrics, e2e_ms, request_tps: 128_000 / e2e_ms } }
}
