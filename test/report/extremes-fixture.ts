import type { Metric, MetricValue } from '../../lib/domain/metric.ts'
import type { CellHistory, PlanData, RequestRow } from '../../lib/domain/plan-data.ts'
import { abFixture, troubledFixture } from './ab-fixture.ts'
import { chartFixtures, historyFixture } from './charts-fixture.ts'
import { fixture, withTrials } from './fixture.ts'
import { loadFixture } from './load-fixture.ts'

type Change = (value: number, metric: Metric, at: number) => number
/** `data` with every value of trials and requests changed, whatever else is known of it (percentiles) with it. */
function withValues(data: PlanData, change: Change): PlanData {
  const changed = ({ value, n, median }: MetricValue, metric: Metric, at: number): MetricValue => ({
    value: change(value, metric, at),
    ...(n !== undefined && { n }),
    ...(median !== undefined && { median: change(median, metric, at) }),
  })
  const trials = data.trials.map((trial) => {
    const at = data.plan.cells.findIndex(({ id }) => id === trial.cellId)
    const entries = Object.entries(trial.metrics).map(([name, value]) => [name, changed(value, name as Metric, at)])
    return { ...trial, metrics: Object.fromEntries(entries) }
  })
  const places = new Map(
    data.trials.map(({ id, cellId }) => [id, data.plan.cells.findIndex(({ id: own }) => own === cellId)]),
  )
  const requests = data.requests.map((row): RequestRow => {
    const entries = Object.entries(row.metrics).map(([name, value]) => [
      name,
      change(value, name as Metric, places.get(row.trialId) ?? 0),
    ])
    return { ...row, metrics: Object.fromEntries(entries) }
  })
  return { ...data, trials, requests }
}

/** `data` with its arms' quantizations called otherwise. */
function renamed(data: PlanData, nameOf: (name: string) => string): PlanData {
  const cells = data.plan.cells.map((cell) => {
    const quantization = nameOf(cell.config.quantization ?? '')
    return { ...cell, axes: { ...cell.axes, quantization }, config: { ...cell.config, quantization } }
  })
  return { ...data, plan: { ...data.plan, cells } }
}

const contention = [{ reason: 'contention' as const, detail: 'other load' }]
const small = { models: ['demo'], threads: [1, 2], requests: 6 } as const

/** Cells that so many other plans measured before. */
export function sessionsFixture(sessions: number): PlanData {
  const data = historyFixture()
  const [one] = data.history ?? []
  const history = data.plan.cells.slice(0, 6).flatMap(({ id }) =>
    Array.from({ length: sessions }, (_, at): CellHistory => ({
      ...(one as CellHistory),
      cellId: id,
      planId: `5e55${String(at).padStart(8, '0')}`,
      startedAtMs: (data.sessions[0]?.startedAtMs ?? 0) - (sessions - at) * 86_400_000,
      trials: data.trials
        .filter(({ cellId }) => cellId === id)
        .map((trial) => ({ ...trial, metrics: { decode_tps: { value: 900 + 20 * at } } })),
    })),
  )
  return { ...data, history }
}

/** Two launches of one cell that are far apart: their interval reaches far beyond them. */
function wildFixture(): PlanData {
  const data = fixture({ ...small, blocks: 2 })
  return {
    ...data,
    trials: data.trials.map((trial) => {
      const { decode_tps } = trial.metrics
      if (decode_tps === undefined || trial.block === 0) return trial
      return { ...trial, metrics: { ...trial.metrics, decode_tps: { ...decode_tps, value: 5 * decode_tps.value } } }
    }),
  }
}

/** Plans at the ends of what charts may be asked to show. */
export const extremes = {
  'one cell': () => {
    const data = fixture({ models: ['demo'], threads: [1], workloads: ['decode'], requests: 1 })
    const [cell] = data.plan.cells
    const id = cell?.id
    return {
      ...data,
      plan: { ...data.plan, cells: data.plan.cells.slice(0, 1), launches: data.plan.launches.slice(0, 1) },
      launches: data.launches.slice(0, 1),
      trials: data.trials.filter(({ cellId }) => cellId === id),
    }
  },
  'sixty cells': () =>
    fixture({ models: ['demo'], threads: Array.from({ length: 15 }, (_, at) => at + 1), workloads: ['decode'] }),
  'one request each': () => fixture({ ...small, requests: 1 }),
  'all values equal': () => withValues(fixture({ ...small, blocks: 3 }), () => 42),
  'all values zero': () => withValues(fixture({ ...small, blocks: 3 }), () => 0),
  'loads, all values zero': () => withValues(chartFixtures.load(), () => 0),
  'loads, all values equal': () => withValues(chartFixtures.load(), () => 42),
  'five orders of magnitude': () =>
    withValues(fixture({ ...small, blocks: 3 }), (value, _, at) => value * 10 ** (at % 6)),
  'loads over five orders': () => withValues(chartFixtures.load(), (value, _, at) => value * 10 ** (at % 6)),
  'nothing measured': () =>
    withTrials(fixture({ ...small }), () => true, { status: 'failed', reason: 'out-of-memory', metrics: {} }),
  'all invalid': () => withTrials(fixture({ ...small, blocks: 2 }), () => true, { invalid: contention }),
  'loads, all invalid': () => withTrials(chartFixtures.load(), () => true, { invalid: contention }),
  'half of the launches failed': () =>
    withTrials(
      fixture({ ...small, blocks: 4 }),
      ({ block, cellId }, { axes }) => block > 0 && axes['quantization'] === 'q8_0' && cellId !== '',
      {
        status: 'failed',
        reason: 'out-of-memory',
        metrics: {},
      },
    ),
  'far apart': wildFixture,
  'compared, and in trouble': troubledFixture,
  'compared, one arm with itself': () => abFixture({ pairs: [['f16', 'f16']] }),
  'long names': () =>
    renamed(fixture({ ...small }), (name) => `${name}-${'a-very-long-name-of-a-quantization-'.repeat(4)}`),
  'Hangul names': () => renamed(fixture({ ...small, blocks: 2 }), (name) => `양자화 ${name} 긴 이름`),
  'one load only': () => loadFixture({ clients: [8], servers: ['rehearsal', 'other'], blocks: 2, requests: 40 }),
  'many requests': () => fixture({ models: ['demo'], threads: [1], workloads: ['decode'], requests: 3000, blocks: 2 }),
  'many sessions': () => sessionsFixture(40),
} satisfies Record<string, () => PlanData>
