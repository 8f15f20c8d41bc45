import type { JsonValue } from '../domain/json.ts'
import { type Metric, metrics } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import { readLaunches } from '../store/launches.ts'
import { readPlan } from '../store/read-plan.ts'
import { readTrials } from '../store/read-trials.ts'
import { type RequestColumns, requestRows } from '../store/request-rows.ts'
import type { Store } from '../store/store.ts'

export type ColumnType = 'text' | 'int64' | 'double' | 'boolean'
export type TableColumn = { name: string; type: ColumnType }
export type TableRow = Readonly<Record<string, string | number | boolean | null>>
export type Table = { columns: readonly TableColumn[]; rows: Iterable<TableRow> }

const place = { plan_id: 'text', experiment: 'text', cell_id: 'text' } as const
const ofTrial = {
  ...({
    block: 'int64',
    launch_id: 'int64',
    attempt: 'int64',
    device: 'text',
    role: 'text',
    trial_id: 'int64',
  } as const),
  ...({ trial_status: 'text', trial_reason: 'text', trial_detail: 'text', invalid: 'text', unused: 'text' } as const),
}
const ofRequest = {
  ...({ request_id: 'int64', phase: 'text', ordinal: 'int64', part: 'text', prompt_id: 'text' } as const),
  ...({ client: 'int64', status: 'text', reason: 'text', detail: 'text' } as const),
  ...({ scheduled_us: 'int64', sent_us: 'int64', done_us: 'int64', finish: 'text' } as const),
  ...({ prompt_tokens: 'int64', cached_tokens: 'int64', output_tokens: 'int64', tokens_from: 'text' } as const),
  ...({ pool_wait_us: 'int64', connect_us: 'int64', first_chunk_us: 'int64', counted_tokens: 'int64' } as const),
} satisfies Record<Exclude<keyof RequestColumns, 'metrics'>, ColumnType>

const names = Object.keys(metrics) as Metric[]
const metricsOf = (level: 'request' | 'trial') => names.filter((metric) => metrics[metric].level === level)
const requestNames = Object.keys(ofRequest) as (keyof typeof ofRequest)[]

/**
 * A plan as one table of typed columns: a row per request in the order in which they ran, with the columns of its trial beside
 * it. A trial without requests has one row, in which those of the request are empty.
 */
export function requestTable(store: Store, planId: string): Table {
  const plan = readPlan(store, planId)
  const axisNames = [...new Set(plan.cells.flatMap(({ axes }) => Object.keys(axes)))]
  const axes = axisNames.map((name) => ({ name, type: axisType(plan.cells.map((cell) => cell.axes[name])) }))
  const columns = [
    ...typed(place),
    ...axes,
    ...typed(ofTrial),
    ...typed(ofRequest),
    ...names.map((name) => ({ name, type: 'double' as const })),
  ]
  return { columns, rows: rowsOf(store, plan, axes) }
}

const typed = (of: Readonly<Record<string, ColumnType>>): TableColumn[] =>
  Object.entries(of).map(([name, type]) => ({ name, type }))

/** An axis is text unless every cell has a number, or a truth value, of it. */
function axisType(values: readonly (JsonValue | undefined)[]): ColumnType {
  const kinds = new Set(values.filter((value) => value !== undefined).map((value) => typeof value))
  if (kinds.size !== 1) return 'text'
  return kinds.has('number') ? 'double' : kinds.has('boolean') ? 'boolean' : 'text'
}

function* rowsOf(store: Store, plan: Plan, axes: readonly TableColumn[]): Generator<TableRow> {
  const launches = new Map(readLaunches(store, plan.id).map((launch) => [launch.id, launch]))
  const axesOf = new Map(
    plan.cells.map((cell) => [
      cell.id,
      Object.fromEntries(axes.map(({ name, type }) => [name, axisValue(cell.axes[name], type)])),
    ]),
  )
  for (const trial of readTrials(store, plan.id)) {
    const { attempt = null, device = null } = launches.get(trial.launchId) ?? {}
    const head = { plan_id: plan.id, experiment: plan.experiment.name, cell_id: trial.cellId }
    const around = { ...head, ...axesOf.get(trial.cellId), ...trialColumns(trial), attempt, device }
    let requests = 0
    for (const request of requestRows(store, trial.id)) {
      requests += 1
      yield { ...around, ...requestColumns(request) }
    }
    if (requests === 0) yield { ...around, ...requestColumns(undefined) }
  }
}

function axisValue(value: JsonValue | undefined, type: ColumnType): string | number | boolean | null {
  if (value === undefined) return null
  if (type === 'text') return typeof value === 'string' ? value : JSON.stringify(value)
  return value as number | boolean
}

function trialColumns(trial: TrialRow) {
  const { id, launchId, block, role, status, reason, detail, invalid, unused, metrics: values } = trial
  return {
    block,
    launch_id: launchId,
    role: role ?? null,
    trial_id: id,
    trial_status: status,
    trial_reason: reason ?? null,
    trial_detail: detail ?? null,
    invalid: invalid.length > 0 ? JSON.stringify(invalid) : null,
    unused: unused ?? null,
    ...Object.fromEntries(metricsOf('trial').map((metric) => [metric, values[metric]?.value ?? null])),
  }
}

function requestColumns(request: RequestColumns | undefined): TableRow {
  return Object.fromEntries([
    ...requestNames.map((name) => [name, request?.[name] ?? null] as const),
    ...metricsOf('request').map((metric) => [metric, request?.metrics[metric] ?? null] as const),
  ])
}
