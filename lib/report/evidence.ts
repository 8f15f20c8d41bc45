import { metrics, type Metric } from '../domain/metric.ts'
import type { LaunchRow, PlanData, RequestRow, TrialRow } from '../domain/plan-data.ts'
import { isValidFor } from '../domain/spoils.ts'
import type { Comparison, ShownCell } from './comparison.ts'
import { meanWithInterval } from './mean-with-interval.ts'
import type { ObservedRequests, RequestFile } from './observed-requests.ts'
import type { OtherCounts } from './read-other-counts.ts'
import type { TrialRequests } from './trial-requests.ts'
import type { Words } from './words.ts'

/** One launch's value of a metric of a cell. */
export type LaunchPoint = { trial: TrialRow; value: number; valid: boolean }

/** A metric of a cell: the mean over its launches, and what it is the mean of. */
export type CellValue = {
  value: number
  /** 95 %, over launches; absent with one launch. */
  interval?: { low: number; high: number }
  /** Launches behind `value`. */
  n: number
  /** False where all there is are invalid trials. */
  valid: boolean
  /** Every launch that has a value, invalid ones too. */
  points: readonly LaunchPoint[]
}

/** All that the parts of a report are made from. */
export type Evidence = {
  data: PlanData
  comparison: Comparison
  words: Words
  /** A cell's trials in the order of the store. */
  trialsOf: (cellId: string) => readonly TrialRow[]
  /** The requests that tables list: of many only the first of each trial. */
  requestsOf: (trialId: number) => readonly RequestRow[]
  /** What is known of all requests of a trial. */
  seenOf: (trialId: number) => TrialRequests
  /** All requests as a file. */
  requestFile: RequestFile
  /** What other tools would have said; absent where no server was asked. */
  otherCounts: OtherCounts | undefined
  launchOf: (trial: TrialRow) => LaunchRow | undefined
  valueOf: (cell: ShownCell, metric: Metric) => CellValue | undefined
}

const nothingSeen: TrialRequests = {
  n: 0,
  measured: 0,
  failed: 0,
  outputTokens: { sum: 0, n: 0 },
  lengths: { prompt: new Map(), output: new Map() },
  values: {},
  prompts: new Map(),
  sample: [],
}

/** What a plan's data and what was seen of its requests say, ready to be asked; every value is computed once. */
export function evidenceOf(
  data: PlanData,
  observed: ObservedRequests,
  { comparison, words }: Pick<Evidence, 'comparison' | 'words'>,
): Evidence {
  const trials = Map.groupBy(data.trials, (trial) => trial.cellId)
  const requests = Map.groupBy(data.requests, (request) => request.trialId)
  const launches = new Map(data.launches.map((launch) => [launch.id, launch]))
  const trialsOf = (cellId: string) => trials.get(cellId) ?? []
  return {
    data,
    comparison,
    words,
    trialsOf,
    requestsOf: (trialId) => requests.get(trialId) ?? [],
    seenOf: (trialId) => observed.trials.get(trialId) ?? nothingSeen,
    requestFile: observed.file,
    otherCounts: observed.otherCounts,
    launchOf: (trial) => launches.get(trial.launchId),
    valueOf: remembered((cell, metric) => valueOf(trialsOf(cell.cell.id), metric)),
  }
}

/** Every part of a report asks for the same values. */
function remembered(valueOfCell: Evidence['valueOf']): Evidence['valueOf'] {
  const known = new Map<string, CellValue | undefined>()
  return (cell, metric) => {
    const key = `${cell.index} ${metric}`
    if (!known.has(key)) known.set(key, valueOfCell(cell, metric))
    return known.get(key)
  }
}

function valueOf(trials: readonly TrialRow[], metric: Metric): CellValue | undefined {
  return meanOfTrials(
    trials,
    metrics[metric].mean,
    (trial) => trial.metrics[metric]?.value,
    (trial) => isValidFor(trial, metric),
  )
}

/**
 * The mean of what `pick` finds in trials that ended well. Invalid ones are left out where there is a valid one; what only they
 * say is shown as such. `isValid`: for what is picked; by default that nothing speaks against the trial.
 */
export function meanOfTrials(
  trials: readonly TrialRow[],
  mean: 'arithmetic' | 'geometric',
  pick: (trial: TrialRow) => number | undefined,
  isValid: (trial: TrialRow) => boolean = ({ invalid }) => invalid.length === 0,
): CellValue | undefined {
  const points = trials.flatMap((trial): LaunchPoint[] => {
    const value = trial.status === 'ok' ? pick(trial) : undefined
    return value === undefined ? [] : [{ trial, value, valid: isValid(trial) }]
  })
  const valid = points.filter((point) => point.valid)
  const used = valid.length > 0 ? valid : points
  if (used.length === 0) return undefined
  const found = meanWithInterval(
    used.map((point) => point.value),
    mean,
  )
  return { ...found, n: used.length, valid: valid.length > 0, points }
}
