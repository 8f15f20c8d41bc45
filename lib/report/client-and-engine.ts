import { metrics, type Metric } from '../domain/metric.ts'
import type { EngineTimes, TrialRow } from '../domain/plan-data.ts'
import { armRows } from './arm-blocks.ts'
import type { ShownCell } from './comparison.ts'
import { type Evidence, meanOfTrials } from './evidence.ts'
import { numberCell, textCell, type TableHead, type ValueColumn, type ValueTable } from './value-table.ts'

/** What one trial says of both sides, in milliseconds and tokens per second; absent where the engine says nothing. */
type BothSides = {
  clientTtftMs?: number
  engineTtftMs?: number
  queueMs?: number
  clientTps?: number
  engineTps?: number
}
/** Farther apart than this they disagree. */
const tolerance = 0.02

/** The client's figures beside the engine's own; `undefined` where no engine has any. */
export function clientAndEngineOf(evidence: Evidence): ValueTable | undefined {
  const { words } = evidence
  const times = new Map((evidence.data.engineTimes ?? []).map((each) => [each.trialId, each]))
  const sides = new Map(evidence.data.trials.map((trial) => [trial.id, bothSides(evidence, trial, times)]))
  const sideOf = ({ id }: TrialRow) => sides.get(id) ?? {}
  const cells = evidence.comparison.cells.filter(({ cell, kind }) => {
    const said = evidence.trialsOf(cell.id).map(sideOf)
    return (kind === 'completion' || kind === 'chat') && said.some((side) => Object.keys(side).length > 0)
  })
  if (cells.length === 0) return undefined
  const columns = columnsOf(evidence, sideOf)
  const shown = columns.filter(({ always, cellOf }) => always || cells.some((cell) => cellOf(cell).raw !== ''))
  const several = new Set(cells.map(({ arm }) => arm)).size < cells.length
  const rows = armRows(cells, shown, (cell) => (several ? cell.name : cell.arm.name))
  const heads = shown.map(({ head }) => head)
  return {
    title: words('engines.client'),
    note: words('engines.client-note'),
    rowHead: words('twin.cell'),
    heads,
    rows,
  }
}

function bothSides(evidence: Evidence, trial: TrialRow, times: ReadonlyMap<number, EngineTimes>): BothSides {
  return { ...firstToken(evidence, trial, times.get(trial.id)), ...decoding(evidence, trial) }
}

/** A server's histogram is a mean over requests: so is what stands beside it. */
function firstToken(evidence: Evidence, { id, metrics: of }: TrialRow, timed: EngineTimes | undefined): BothSides {
  const seen = meanOf(evidence.seenOf(id).values.ttft_ms)
  const own = of.server_ttft_ms?.value
  const queue = of.server_queue_ms && { queueMs: of.server_queue_ms.value }
  if (own !== undefined && seen !== undefined) return { clientTtftMs: seen, engineTtftMs: own, ...queue }
  return timed === undefined ? {} : { clientTtftMs: timed.ttftMs, engineTtftMs: timed.promptMs }
}

function decoding(evidence: Evidence, { id, metrics: of }: TrialRow): BothSides {
  const [client, engine] = [of.decode_tps?.value, of.engine_decode_tps?.value]
  if (client !== undefined && engine !== undefined) return { clientTps: client, engineTps: engine }
  const [seen, own] = [meanOf(evidence.seenOf(id).values.tpot_ms), of.server_tpot_ms?.value]
  return seen && own ? { clientTps: 1000 / seen, engineTps: 1000 / own } : {}
}

function meanOf(values: Float64Array | undefined): number | undefined {
  return values && values.length > 0 ? values.reduce((sum, each) => sum + each, 0) / values.length : undefined
}

type Pick = (side: BothSides) => number | undefined
const between: Pick = ({ clientTtftMs, engineTtftMs }) =>
  clientTtftMs === undefined || engineTtftMs === undefined ? undefined : clientTtftMs - engineTtftMs
const ratio: Pick = ({ clientTps, engineTps }) =>
  clientTps === undefined || engineTps === undefined ? undefined : clientTps / engineTps

/** By the names of columns: what the values are called for programs. */
const figureOf = {
  'client-ttft': 'client_ttft_ms',
  'engine-ttft': 'engine_ttft_ms',
  queue: 'engine_queue_ms',
  between: 'ttft_between_ms',
  'client-decode': 'client_decode_tps',
  'engine-decode': 'engine_decode_tps',
  ratio: 'client_by_engine',
} as const
type ColumnName = keyof typeof figureOf

function columnsOf(evidence: Evidence, sideOf: (trial: TrialRow) => BothSides): (ValueColumn & { always: boolean })[] {
  const { words } = evidence
  const column = (name: ColumnName, metric: Metric | undefined, pick: Pick, always = true) => {
    const unit = metric === undefined ? '' : metrics[metric].unit
    const head: TableHead = { name: words(`engines.${name}`), unit, href: '', title: '', n: true }
    const shownAs = metric ?? 'cpu_cores'
    const cellOf = (cell: ShownCell) => {
      const mean = unit === 'ms' ? 'arithmetic' : 'geometric'
      const found = meanOfTrials(evidence.trialsOf(cell.cell.id), mean, (trial) => pick(sideOf(trial)))
      const made = numberCell(words, shownAs, { found, reason: words('engines.unsaid') })
      const off = metric === undefined && found !== undefined && Math.abs(found.value - 1) > tolerance
      return off ? { ...made, differs: true, title: words('engines.ratio-off') } : made
    }
    return { head, of: { figure: figureOf[name] }, better: 'neither' as const, cellOf, always }
  }
  const by: ValueColumn & { always: boolean } = {
    head: { name: words('engines.by'), unit: '', href: '', title: '', n: false },
    of: { figure: 'engine_times' },
    better: 'neither',
    cellOf: (cell) => {
      const counted = evidence.trialsOf(cell.cell.id).some((trial) => trial.metrics.engine_decode_tps)
      const histogram = evidence.trialsOf(cell.cell.id).some((trial) => trial.metrics.server_ttft_ms)
      return textCell(words(histogram || !counted ? 'engines.by-histogram' : 'engines.by-request'))
    },
    always: true,
  }
  return [
    column('client-ttft', 'ttft_ms', ({ clientTtftMs }) => clientTtftMs),
    column('engine-ttft', 'ttft_ms', ({ engineTtftMs }) => engineTtftMs),
    column('queue', 'ttft_ms', ({ queueMs }) => queueMs, false),
    column('between', 'ttft_ms', between),
    column('client-decode', 'decode_tps', ({ clientTps }) => clientTps),
    column('engine-decode', 'decode_tps', ({ engineTps }) => engineTps),
    column('ratio', undefined, ratio),
    by,
  ]
}
