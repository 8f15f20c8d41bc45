import type { Cell } from '../domain/cell.ts'
import type { Metric } from '../domain/metric.ts'
import type { Plan } from '../domain/plan.ts'
import { progressLaunches, type ProgressLaunch, progressTrials, type ProgressTrial } from '../store/progress-rows.ts'
import { type Costs, costsOf, costsOfCells } from '../store/read-costs.ts'
import type { Store } from '../store/store.ts'
import { estimateLeft, type TimeLeft } from './estimate-left.ts'
import { headlineOf } from './progress-lines.ts'

export type TrialState = 'open' | 'running' | 'ok' | 'invalid' | 'failed'

/** How far a cell is. */
export type CellProgress = {
  cell: Cell
  /** Of its own trials, by block: not of twins and sentinels. */
  states: readonly TrialState[]
  /** The headline metric of its valid trials; as long as there are none, of its invalid ones. */
  measured?: { metric: Metric; values: readonly number[]; valid: boolean }
  /** Of the same trials the share of good requests, where there are objectives. */
  good?: readonly number[]
  /** Since when its trial runs, in milliseconds since 1970. */
  runningSinceMs?: number
  /** The trial of it that ended last; of several cells the greatest is the latest. */
  lastEnded: number
  /** Its next trial to run. */
  nextOpen: number
}

/** How far a plan is. */
export type Progress = {
  cells: readonly CellProgress[]
  counts: Record<TrialState, number>
  trials: number
  /** The launch that runs, and its trial once the engine is ready. */
  launch?: ProgressLaunch & { trial?: ProgressTrial }
  /** What went wrong last. */
  problem?: { cell: Cell; state: 'failed' | 'invalid'; detail: string }
  /** Without what the trial that runs has taken already. */
  left?: TimeLeft
}

/** Reads again and again how far a plan is: of the store only what has changed since. */
export class ProgressReader {
  readonly #store: Store
  readonly #plan: Plan
  readonly #workloads: ReadonlyMap<string, string>
  readonly #earlier: Costs
  readonly #seen = new Map<number, string>()
  /** The trial that counts, by its place in the plan and its cell. */
  readonly #trials = new Map<string, ProgressTrial>()

  constructor(store: Store, plan: Plan) {
    this.#store = store
    this.#plan = plan
    this.#workloads = new Map(plan.cells.map(({ id, config }) => [id, config.workload.name] as const))
    this.#earlier = costsOfCells(store, [...this.#workloads.keys()])
  }

  read(): Progress {
    const launches = progressLaunches(this.#store, this.#plan.id)
    for (const launch of launches) this.#look(launch)
    const trials = [...this.#trials.values()]
    const running = launches.find(({ status }) => status === 'running')
    const trial = trials.find(({ status, launchId }) => status === 'running' && launchId === running?.id)
    const cells = this.#cells(trials, launches)
    const left = this.#left(trials, launches)
    const problem = this.#problem(trials)
    return {
      cells,
      counts: countStates(trials),
      trials: trials.length,
      ...(running && { launch: { ...running, ...(trial && { trial }) } }),
      ...(problem && { problem }),
      ...(left && { left }),
    }
  }

  // What is derived of a trial comes a moment after the trial: another program reads between them.
  #look(launch: ProgressLaunch): void {
    const mark = `${launch.status} ${launch.spoolOffset}`
    if (this.#seen.get(launch.id) === mark) return
    const trials = progressTrials(this.#store, launch.id)
    for (const trial of trials) {
      const key = `${trial.ordinal} ${trial.cellId}`
      if (trial.id >= (this.#trials.get(key)?.id ?? 0)) this.#trials.set(key, trial)
    }
    const derived = trials.every(({ status, metrics }) => status !== 'ok' || Object.keys(metrics).length > 0)
    if (derived) this.#seen.set(launch.id, mark)
  }

  #cells(trials: readonly ProgressTrial[], launches: readonly ProgressLaunch[]): CellProgress[] {
    const claimed = new Map(launches.map(({ id, claimedAtMs }) => [id, claimedAtMs] as const))
    const own = trials.filter(({ role }) => role === undefined)
    const byCell = Map.groupBy(own, ({ cellId }) => cellId)
    return this.#plan.cells.map((cell) => {
      const ofCell = (byCell.get(cell.id) ?? []).toSorted((a, b) => a.block - b.block)
      return { cell, ...progressOf(ofCell, claimed, cell) }
    })
  }

  #left(trials: readonly ProgressTrial[], launches: readonly ProgressLaunch[]): TimeLeft | undefined {
    const cellIds = trials.filter(isOpen).map(({ cellId }) => cellId)
    const arms = launches.filter(({ status }) => status === 'pending').map(({ arm }) => arm)
    const running = trials.find(({ status }) => status === 'running')?.cellId
    const own = costsOf(this.#store, this.#plan.id)
    return estimateLeft({ cellIds, arms, running }, { own, earlier: this.#earlier, workloads: this.#workloads })
  }

  #problem(trials: readonly ProgressTrial[]): Progress['problem'] {
    const last = trials
      .filter((trial) => ['failed', 'invalid'].includes(stateOf(trial)))
      .toSorted(byId)
      .at(-1)
    const cell = this.#plan.cells.find(({ id }) => id === last?.cellId)
    if (last === undefined || cell === undefined) return undefined
    if (last.status === 'failed') return { cell, state: 'failed', detail: `${last.reason}: ${last.detail ?? ''}` }
    return { cell, state: 'invalid', detail: last.invalid.map(({ detail }) => detail).join('; ') }
  }
}

function progressOf(
  trials: readonly ProgressTrial[],
  claimed: ReadonlyMap<number, number | undefined>,
  { config }: Cell,
): Omit<CellProgress, 'cell'> {
  const valid = trials.some((trial) => stateOf(trial) === 'ok')
  const used = trials.filter((trial) => stateOf(trial) === (valid ? 'ok' : 'invalid'))
  const metric = used.map(({ metrics }) => headlineOf(metrics, config.load)).find((name) => name !== undefined)
  const values = metric === undefined ? [] : used.flatMap(({ metrics }) => metrics[metric]?.value ?? [])
  const good = used.flatMap(({ metrics }) => metrics.goodput_share?.value ?? [])
  const running = trials.find(({ status }) => status === 'running')
  const origin = running && claimed.get(running.launchId)
  const ended = trials.filter((trial) => !isOpen(trial)).map(({ id }) => id)
  const open = trials.filter((trial) => stateOf(trial) === 'open').map(({ id }) => id)
  return {
    states: trials.map(stateOf),
    ...(metric && { measured: { metric, values, valid } }),
    ...(good.length > 0 && { good }),
    ...(origin !== undefined && { runningSinceMs: origin + (running?.startedUs ?? 0) / 1000 }),
    lastEnded: Math.max(0, ...ended),
    nextOpen: Math.min(Number.POSITIVE_INFINITY, ...open),
  }
}

function stateOf({ status, invalid }: ProgressTrial): TrialState {
  if (status === 'ok') return invalid.length > 0 ? 'invalid' : 'ok'
  return status === 'failed' || status === 'running' ? status : 'open'
}

const isOpen = ({ status }: ProgressTrial) => status !== 'ok' && status !== 'failed'
const byId = (a: ProgressTrial, b: ProgressTrial) => a.id - b.id

function countStates(trials: readonly ProgressTrial[]): Progress['counts'] {
  const counts = { open: 0, running: 0, ok: 0, invalid: 0, failed: 0 }
  for (const trial of trials) counts[stateOf(trial)] += 1
  return counts
}
