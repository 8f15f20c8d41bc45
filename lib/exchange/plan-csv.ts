import type { JsonValue } from '../domain/json.ts'
import { factsOf, type Metric, type MetricValue, metrics } from '../domain/metric.ts'
import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import { readLaunches } from '../store/launches.ts'
import { readPlan } from '../store/read-plan.ts'
import { readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'
import { type CsvValue, csvLine } from '../domain/csv.ts'

const beforeAxes = ['plan_id', 'experiment', 'cell_id'] as const
const afterAxes = [
  ...(['block', 'launch_id', 'attempt', 'device', 'role', 'trial_id'] as const),
  ...(['status', 'reason', 'detail', 'invalid', 'unused'] as const),
]
type Place = { [Column in (typeof beforeAxes)[number] | (typeof afterAxes)[number]]?: CsvValue }

// A request metric has its distribution beside it, a quality metric of windows its error; all columns are there whether or not they are filled.
const beside = {
  request: ['n', 'median', 'p90', 'p95', 'p99'],
  trial: [],
  windows: ['n', 'error', 'low', 'high'],
} as const
const metricColumns = (Object.keys(metrics) as Metric[]).flatMap((metric) => {
  const parts = factsOf(metric).samples === 'chunks' ? beside.windows : beside[metrics[metric].level]
  return (['value', ...parts] as const).map((part: keyof MetricValue) => ({
    name: part === 'value' ? metric : `${metric}_${part}`,
    metric,
    part,
  }))
})

/** A plan as CSV: a row per trial in the order in which they run, then one per cell that will not run. */
export function* planCsv(store: Store, planId: string): Generator<string> {
  const plan = readPlan(store, planId)
  const axisNames = [...new Set([...plan.cells, ...plan.skipped].flatMap(({ axes }) => Object.keys(axes)))]
  yield csvLine([...beforeAxes, ...axisNames, ...afterAxes, ...metricColumns.map((column) => column.name)])
  const head = { plan_id: plan.id, experiment: plan.experiment.name }
  const row = (place: Place, axes: Plan['cells'][number]['axes'], values: TrialRow['metrics']) =>
    csvLine([
      ...beforeAxes.map((column) => place[column]),
      ...axisNames.map((name) => axisText(axes[name])),
      ...afterAxes.map((column) => place[column]),
      ...metricColumns.map(({ metric, part }) => values[metric]?.[part]),
    ])
  const launches = new Map(readLaunches(store, planId).map((launch) => [launch.id, launch]))
  const axesOf = new Map(plan.cells.map((cell) => [cell.id, cell.axes]))
  for (const trial of readTrials(store, planId)) {
    const place = { ...head, ...placeOf(trial, launches.get(trial.launchId)) }
    yield row(place, axesOf.get(trial.cellId) ?? {}, trial.metrics)
  }
  for (const { axes, reason, detail } of plan.skipped)
    yield row({ ...head, status: 'skipped', reason, detail }, axes, {})
}

function placeOf(trial: TrialRow, launch: LaunchRow | undefined): Place {
  const { id, launchId, cellId, block, status, reason, detail, invalid, unused } = trial
  return {
    cell_id: cellId,
    block,
    launch_id: launchId,
    attempt: launch?.attempt,
    device: launch?.device,
    role: launch?.role,
    trial_id: id,
    status,
    reason,
    detail,
    invalid: invalid.length > 0 ? invalid.map((why) => `${why.reason}: ${why.detail}`).join('; ') : undefined,
    unused,
  }
}

function axisText(value: JsonValue | undefined): CsvValue {
  return value === undefined || typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
}
