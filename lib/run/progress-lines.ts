import type { Cell, LoadConfig } from '../domain/cell.ts'
import type { JsonValue } from '../domain/json.ts'
import { type Metric, metrics, type MetricValue } from '../domain/metric.ts'
import { percent } from '../domain/percent.ts'
import { type ClientQueue, hasTooFewClients } from '../domain/plan-data.ts'
import type { LaunchRole } from '../domain/plan.ts'
import { plain } from '../domain/plain.ts'
import { thousands } from '../domain/thousands.ts'
import type { RunEvent } from './run-event.ts'

/** The metrics that say how a trial went, the first that it has. */
const headlines: readonly Metric[] = ['perplexity', 'decode_tps', 'prefill_tps', 'pp_tps', 'output_tps', 'e2e_ms']

/** One line per event, for a log: nothing is drawn over. */
export function progressLine(event: RunEvent): string {
  switch (event.kind) {
    case 'started':
      return `plan ${event.planId}: ${event.trials - event.done} of ${event.trials} trials to measure`
    case 'collecting':
      return `collecting what launch ${event.launchId} has measured`
    case 'launched':
      return launchLine(event)
    case 'trial-ended':
      return trialLine(event)
    case 'blocks-repeated':
      return `interrupted, so run again whole: ${event.blocks.map((block) => `block ${block + 1}`).join(', ')}`
    case 'waiting':
      return event.for === 'disk' ? plain(event.detail) : `waiting: ${plain(event.detail)}`
    case 'waited':
      return event.for === 'disk' ? 'there is room on the disk again: going on' : 'going on'
    case 'launch-ended':
      return `launch ${event.launchId} ended early: ${plain(event.how)}${event.goesOn ? '; the rest runs in a fresh one' : ''}`
  }
}

function launchLine({ launchId, block, attempt, arm, role }: Extract<RunEvent, { kind: 'launched' }>): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : ''
  const label = axesLabel(JSON.parse(arm) as Cell['axes'])
  return `launch ${launchId}, block ${block + 1}${again}${label === '' ? '' : `: ${label}`}${roleText(role)}`
}

/** What a launch is beside those of the arms. */
export const roleText = (role: LaunchRole | undefined): string =>
  role === undefined ? '' : role === 'twin' ? ' (A/A)' : ' (sentinel)'

function trialLine({
  cell,
  role,
  done,
  trials,
  end,
  invalid,
  again,
  metrics: values,
  failures = {},
  queue,
  leftMs,
}: Extract<RunEvent, { kind: 'trial-ended' }>) {
  const count = `[${String(done).padStart(String(trials).length)}/${trials}]`
  const how =
    end.status === 'ok'
      ? `${headline(values, cell)}${goodText(values)}${failuresText(failures)}${queueText(queue, cell)}`
      : `FAILED, ${end.reason}: ${plain(end.detail)}${again ? '; it runs again' : ''}`
  const doubt = invalid.length > 0 ? ` (invalid: ${invalid.map(({ detail }) => plain(detail)).join('; ')})` : ''
  const left = done === trials ? '' : `, about ${duration(leftMs)} left`
  return `${count} ${cellLabel(cell)}${roleText(role)}: ${how}${doubt}${left}`
}

function headline(values: Partial<Record<Metric, MetricValue>>, cell: Cell): string {
  const metric = headlineOf(values, cell.config.load)
  return metric === undefined ? 'measured' : metricText(metric, (values[metric] as MetricValue).value)
}

const goodText = ({ goodput_share: share }: Partial<Record<Metric, MetricValue>>) =>
  share === undefined ? '' : `, ${percent(share.value)} good`

/** `, 40 of 100 arrivals waited for a client, 12 of them until the end: raise load.clients (64)`; nothing where few did. */
export function queueText(queue: ClientQueue | undefined, { config: { load } }: Pick<Cell, 'config'>): string {
  if (queue === undefined || !hasTooFewClients(queue)) return ''
  const { arrivals, waited, unserved } = queue
  const never = unserved === 0 ? '' : `, ${thousands(unserved)} of them until the end`
  return `, ${thousands(waited)} of ${thousands(arrivals)} arrivals waited for a client${never}: raise load.clients (${load.clients}), or ask for less`
}

/** `, 3 requests failed (2 stall, 1 rate-limited)`. */
export function failuresText(failures: NonNullable<Extract<RunEvent, { kind: 'trial-ended' }>['failures']>): string {
  const counts = Object.entries(failures)
  if (counts.length === 0) return ''
  const all = counts.reduce((sum, [, n]) => sum + n, 0)
  return `, ${all === 1 ? '1 request' : `${all} requests`} failed (${counts.map(([reason, n]) => `${n} ${reason}`).join(', ')})`
}

/**
 * The metric that says best how a trial went; `undefined` where it has none of those. Where requests arrive by themselves it is
 * how long a user waited from when a request was due.
 */
export function headlineOf(values: Partial<Record<Metric, MetricValue>>, load?: LoadConfig): Metric | undefined {
  const isOpen = load !== undefined && load.kind !== 'closed'
  const names: readonly Metric[] = isOpen ? ['ttft_scheduled_ms', ...headlines] : headlines
  return names.find((name) => values[name] !== undefined)
}

/** `decode 34.21 tokens/s`. */
export function metricText(metric: Metric, value: number): string {
  const { label, unit } = metrics[metric]
  return `${label} ${value.toPrecision(4)}${unit === '' ? '' : ` ${unit}`}`
}

/** A cell by the values of its axes: `demo · q4_0 · threads 2 · decode`; without axes there is one cell and no more. */
export const cellLabel = ({ axes }: Pick<Cell, 'axes'>): string => axesLabel(axes) || 'the only cell'

function axesLabel(axes: Cell['axes']): string {
  return Object.entries(axes)
    .map(([axis, value]) =>
      axis === 'load.ratePerSecond'
        ? rateText(value)
        : axis.includes('.')
          ? `${axis.split('.').at(-1)} ${text(value)}`
          : text(value),
    )
    .join(' · ')
}

const rateText = (value: JsonValue) => (value === 'auto' ? 'at the knee' : `${text(value)}/s`)
const text = (value: JsonValue) => plain(typeof value === 'string' ? value : JSON.stringify(value))

/** `42 s`, `3 min`, `2.5 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 100) return `${seconds} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
