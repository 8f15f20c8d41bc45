import { asksServer } from '../domain/backend-config.ts'
import { isImportName } from '../domain/imported-log.ts'
import { byteText } from '../domain/byte-text.ts'
import { thousands } from '../domain/thousands.ts'
import { loadText } from '../domain/load-text.ts'
import { type Metric, metrics } from '../domain/metric.ts'
import type { FailureReason } from '../domain/timeline.ts'
import type { PlanData, TrialRow } from '../domain/plan-data.ts'
import { cellValue } from '../measure/cell-value.ts'
import { cellLabel } from '../run/progress-lines.ts'
import { failedRequests } from '../store/failed-requests.ts'
import { countStreams } from '../store/read-streams.ts'
import type { Store } from '../store/store.ts'
import { findPlan } from '../store/find-plan.ts'
import { readPlanData } from '../store/read-plan-data.ts'
import { doubtsText } from './doubts.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { deadPlans } from '../lab/session-state.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { shown } from './shown.ts'
import { plain } from '../domain/plain.ts'
import { type Column, textTable } from './text-table.ts'
import { toldVerdicts, verdictLines } from './told-verdicts.ts'

/** What the windows of a text, and the checks of answers, say. */
const ofQuality = ['perplexity', 'kld', 'kld_at_least', 'top_token_share', 'check_share'] as const

/** The metrics of the table, where any cell has them; `--json` and `query` give all. */
export const shownMetrics: readonly Metric[] = [
  'decode_tps',
  'pp_tps',
  'ttft_ms',
  ...ofQuality,
  'pss_peak_bytes',
  'load_ms',
]

/** Before them, where requests arrive by themselves. */
const ofOpenLoads: readonly Metric[] = ['ttft_scheduled_ms', 'goodput_share', 'goodput']

/** Instead of them, where a server was asked. */
const ofServers: readonly Metric[] = ['output_tps', 'ttft_ms', 'tpot_ms', ...ofQuality, 'error_rate']

export type ShowOptions = CommonOptions & { as?: string }

/** Shows one plan: its cells and what was measured of each, or what another tool would have said of that. */
export async function show(id: string, options: ShowOptions, io: Io): Promise<void> {
  if (isImportName(id)) return (await import('./show-imported.ts')).showImported(id, options, io)
  using store = openLabStore(options, io, 'read')
  if (options.as !== undefined) {
    const { showAs } = await import('./show-as.ts')
    return showAs(options.as, findPlan(store, id), { store, io, json: options.json === true })
  }
  const data = readPlanData(store, findPlan(store, id))
  const dead = (await deadPlans(store)).has(data.plan.id)
  if (options.json) return printJson(io, { ...data, dead })
  io.stdout(cellTable(data))
  io.stdout(failedText(data, store))
  const doubts = doubtsText(data.trials)
  if (doubts !== '') io.stdout(`\n${doubts}`)
  const verdicts = verdictLines(await toldVerdicts(store, data.plan, io), data.plan.id)
  if (verdicts !== '') io.stdout(`\n${verdicts}`)
  io.stdout(streamsText(store, data.plan.id))
  if (dead) io.stdout(`\nIts last runner has died: go on with benchbook run --resume ${data.plan.id}\n`)
}

function cellTable({ plan, trials, unused }: PlanData): string {
  const [byCell, unusedOf] = [trials, unused].map((some) => Map.groupBy(some, ({ cellId }) => cellId))
  const axes = Object.keys(plan.cells[0]?.axes ?? {})
  const isOpen = plan.cells.some(({ config }) => config.load.kind !== 'closed')
  const loads = isOpen ? ['load'] : []
  const isServed = plan.cells.some(({ config }) => asksServer(config.backend))
  const wanted = [...(isOpen ? ofOpenLoads : []), ...(isServed ? ofServers : shownMetrics)]
  const present = wanted.filter((metric) => trials.some((trial) => trial.metrics[metric] !== undefined))
  const columns: Column[] = [
    ...[...axes, ...loads, 'trials'].map((head) => ({ head })),
    ...present.flatMap((metric) =>
      [metricHead(metric), ...(metric === 'perplexity' ? ['tokens scored'] : [])].map((head) => ({
        head,
        align: 'right' as const,
      })),
    ),
  ]
  const rows = plan.cells.map((cell) => {
    const own = byCell?.get(cell.id) ?? []
    return [
      ...axes.map((axis) => shown(cell.axes[axis])),
      ...loads.map(() => loadText(cell.config.load)),
      statusOf(own, unusedOf?.get(cell.id)?.length ?? 0),
      ...present.flatMap((metric) => [valueText(own, metric), ...(metric === 'perplexity' ? [scoredText(own)] : [])]),
    ]
  })
  const note = rows.some((row) => row.some((text) => text.startsWith('('))) ? '(…) from invalid trials only\n' : ''
  return `${plain(titleOf(plan.experiment.title))} (plan ${plan.id})\n\n${textTable(columns, rows)}${note}`
}

const mostCells = 10

/** Of each cell the requests that failed, by reason. */
function failedText({ plan, trials }: PlanData, store: Store): string {
  const lines = plan.cells.flatMap((cell) => {
    const own = trials.filter(({ cellId }) => cellId === cell.id).map(({ id }) => failedRequests(store, id))
    const reasons = [...new Set(own.flatMap((counts) => Object.keys(counts) as FailureReason[]))]
    const counts = reasons.map((reason) => [reason, own.reduce((sum, some) => sum + (some[reason] ?? 0), 0)] as const)
    if (counts.length === 0) return []
    return `  ${cellLabel(cell)}: ${counts.map(([reason, n]) => `${n} ${reason}`).join(', ')}\n`
  })
  if (lines.length === 0) return ''
  const rest = lines.length - mostCells
  const more = rest > 0 ? `  … and ${rest} more cells\n` : ''
  return `\nrequests that failed\n${lines.slice(0, mostCells).join('')}${more}`
}

/** Where answers were kept, how they are had. */
function streamsText(store: Store, planId: string): string {
  const { streams, first } = countStreams(store, planId)
  if (first === undefined) return ''
  return `\n${streams} answers were kept as they came: benchbook export request:${first} -o answer.json, then benchbook emulate --replay answer.json\n`
}

const longestTitle = 300
const titleOf = (title: string) => (title.length > longestTitle ? `${title.slice(0, longestTitle)}…` : title)

/** `3 ok, 1 invalid, 1 failed, 1 measured again`. */
function statusOf(trials: readonly TrialRow[], unused: number): string {
  const invalid = trials.filter((trial) => trial.status === 'ok' && trial.invalid.length > 0).length
  const counted = Object.entries(Object.groupBy(trials, ({ status }) => status)).map(([status, some]) => {
    const n = some.length - (status === 'ok' ? invalid : 0)
    return n > 0 ? `${n} ${status}` : undefined
  })
  const rest = [invalid > 0 ? `${invalid} invalid` : undefined, unused > 0 ? `${unused} measured again` : undefined]
  return [...counted, ...rest].filter((part) => part !== undefined).join(', ')
}

/** The mean over launches; an invalid trial does not count, and where all are, what they say stands in brackets. */
function valueText(trials: readonly TrialRow[], metric: Metric): string {
  const found = cellValue(trials, metric)
  if (found !== undefined) return metricText(metric, found.value)
  const doubted = cellValue(trials, metric, 'all')
  return doubted === undefined ? '–' : `(${metricText(metric, doubted.value)})`
}

/** How many tokens a perplexity is of: alike in all trials of a cell that ended well. */
function scoredText(trials: readonly TrialRow[]): string {
  const scored = trials.flatMap(({ status, metrics: { perplexity } }) => (status === 'ok' ? (perplexity?.n ?? []) : []))
  return scored.length === 0 ? '–' : thousands(Math.max(...scored))
}

const isBytes = (metric: Metric) => metrics[metric].unit === 'bytes'

/** A metric with its unit; of bytes each value says its own. */
export const metricHead = (metric: Metric) =>
  `${metrics[metric].label} ${isBytes(metric) ? '' : metrics[metric].unit}`.trim()

/** A value of a metric, as under `metricHead`. */
export const metricText = (metric: Metric, value: number) => (isBytes(metric) ? byteText(value) : value.toPrecision(5))
