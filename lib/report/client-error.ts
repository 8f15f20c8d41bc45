import type { MetricValue } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import type { Calibration } from '../domain/record.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { fixed, missing, significant } from './numbers.ts'

/** What the client of a server may have added to times of a trial, in milliseconds; absent where it was not seen. */
export type TrialError = { trial: TrialRow; sendLagMs?: number; loopDelayMs?: number }

/** The client's own error in each trial of `cell` that ended well; none where no server was asked. */
export function trialErrors(evidence: Evidence, cell: ShownCell): TrialError[] {
  return evidence.trialsOf(cell.cell.id).flatMap((trial): TrialError[] => {
    if (trial.status !== 'ok') return []
    const noted = evidence.data.wire?.find(({ trialId }) => trialId === trial.id)?.sendLagMs
    const sendLagMs = noted ?? highest(trial.metrics.send_lag_ms)
    const loopDelayMs = trial.client?.loopDelayMs.p99 ?? trial.metrics.loop_delay_ms?.value
    if (trial.client === undefined && sendLagMs === undefined && loopDelayMs === undefined) return []
    return [{ trial, ...(sendLagMs !== undefined && { sendLagMs }), ...(loopDelayMs !== undefined && { loopDelayMs }) }]
  })
}

/** The highest percentile that there were enough requests for. */
function highest(value: MetricValue | undefined): number | undefined {
  return value && (value.p99 ?? value.p95 ?? value.p90 ?? value.median ?? value.value)
}

/** What the client added by itself before the sessions: of several the last. */
export function calibrationOf({ data }: Evidence): Calibration | undefined {
  return data.sessions.findLast((session) => session.calibration !== undefined)?.calibration
}

/** The client's own error as tables: before the session against a server that answers at once, and during the trials of each cell. */
export type ClientError = {
  calibration: readonly { name: string; p50: string; p99: string; max: string }[]
  capacity: string
  /** Whether it ran before ordinary programs, in all trials that say so. */
  precedence?: string
  cells: readonly { arm: number; href: string; name: string; values: readonly string[] }[]
}

/** The client's own error; `undefined` where no server was asked. */
export function clientErrorOf(evidence: Evidence): ClientError | undefined {
  const cells = evidence.comparison.cells.flatMap((cell) => {
    const values = cellValues(evidence, cell)
    const href = `#cell-${cell.index + 1}`
    return values === undefined ? [] : [{ arm: cell.arm.index, href, name: cell.name, values }]
  })
  const calibration = calibrationOf(evidence)
  if (cells.length === 0 && calibration === undefined) return undefined
  const precedence = precedenceOf(evidence)
  return {
    calibration: calibration === undefined ? [] : calibrationRows(evidence, calibration),
    capacity:
      calibration === undefined
        ? ''
        : evidence.words('client.capacity', {
            events: fixed(Number(calibration.eventsPerSecond.toPrecision(2)), 0),
            cpu: significant(calibration.cpuUsPerEvent, 2),
          }),
    cells,
    ...(precedence !== undefined && { precedence }),
  }
}

function precedenceOf({ data, words }: Evidence): string | undefined {
  const said = data.trials.flatMap(({ client }) => client?.precedence ?? [])
  if (said.length === 0) return undefined
  return words(said.every(({ realTime }) => realTime) ? 'client.first' : 'client.turns')
}

function calibrationRows({ words }: Evidence, calibration: Calibration): ClientError['calibration'] {
  const spreads = ['ttftMs', 'gapErrorMs', 'sendLagMs', 'loopDelayMs'] as const
  return spreads.map((name) => {
    const { p50, p99, max } = calibration[name]
    return {
      name: words(`client.${name}`),
      p50: significant(p50, 2),
      p99: significant(p99, 2),
      max: significant(max, 2),
    }
  })
}

/** The worst of a cell's trials in each. */
function cellValues(evidence: Evidence, cell: ShownCell): string[] | undefined {
  const errors = trialErrors(evidence, cell)
  if (errors.length === 0) return undefined
  const worst = (pick: (each: TrialError) => number | undefined) => {
    const values = errors.flatMap((each) => pick(each) ?? [])
    const most = Math.max(...values)
    if (values.length === 0) return missing
    return Number.isInteger(most) ? fixed(most, 0) : significant(most, 2)
  }
  return [
    worst(({ sendLagMs }) => sendLagMs),
    worst(({ loopDelayMs }) => loopDelayMs),
    worst(({ trial }) => trial.client?.eventsPerRead.p99 ?? trial.metrics.events_per_read?.value),
    worst(({ trial }) => trial.client?.cpuCores ?? trial.metrics.client_cores?.value),
    worst(({ trial }) => trial.client?.processes),
  ]
}
