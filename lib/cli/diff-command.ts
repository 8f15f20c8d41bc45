import type { Cell } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { cellLabel } from '../run/progress-lines.ts'
import { readPlanData } from '../store/read-plan-data.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { shown } from './shown.ts'
import { type Difference, type PlanDiff, planDiff, type SharedMetric } from './plan-diff.ts'
import { metricHead, metricText, shownMetrics } from './show-command.ts'
import { textTable } from './text-table.ts'

const noVerdict = `The two were measured in different sessions: machine and room may have changed between them, and no ratio here is a
verdict. For one, put both into one experiment, whose blocks measure them side by side.`

/** Shows what differs between two plans: experiment, cells, setups, artifacts, and the metrics of the cells they share. */
export async function diff(a: string, b: string, options: CommonOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const [dataA, dataB] = [a, b].map((named) => readPlanData(store, planNamed(store, named, io))) as [Data, Data]
  const found = planDiff(dataA, dataB)
  const ids = { a: dataA.plan.id, b: dataB.plan.id }
  const note = ids.a === ids.b ? 'The two are one and the same plan.' : noVerdict
  if (options.json) printJson(io, { ...ids, ...found, verdict: null, note: note.replaceAll('\n', ' ') })
  else io.stdout(`a  ${heading(dataA)}\nb  ${heading(dataB)}\n${textOf(found)}\n${note}\n`)
}
type Data = ReturnType<typeof readPlanData>

const heading = ({ plan }: Data) => `${plan.id}  ${plain(shown(plan.experiment.title))}`

function textOf(found: PlanDiff): string {
  const parts = [
    part('Experiment', [...found.experiment, ...found.axes.map(axisLine)]),
    cellPart('Cells only in a', found.onlyA),
    cellPart('Cells only in b', found.onlyB),
    ...found.changed.map(({ axes, differences }) => part(`Not the same cell: ${cellLabel({ axes })}`, differences)),
    part('Setup', found.setups),
    part('Artifacts', found.artifacts),
    metricPart(found),
  ]
  return parts.join('')
}

function axisLine({ axis, onlyA, onlyB }: PlanDiff['axes'][number]): Difference {
  return { field: `axis ${axis}, only`, a: onlyA.join(', '), b: onlyB.join(', ') }
}

function part(head: string, differences: readonly Difference[]): string {
  if (differences.length === 0) return head.startsWith('Not') ? '' : `\n${head}: no difference\n`
  const rows = differences.map(({ field, a, b }) => [field, side(a), side(b)])
  return `\n${head}\n${textTable([{ head: '' }, { head: 'a' }, { head: 'b' }], rows)}`
}

/** Of a digest its start. */
const side = (value = '–') => (/^\w{64}$/.test(value) ? value.slice(0, 12) : shown(value))

function cellPart(head: string, cells: readonly { axes: Cell['axes'] }[]): string {
  return cells.length === 0 ? '' : `\n${head}\n${cells.map((cell) => `${cellLabel(cell)}\n`).join('')}`
}

/** The metrics that `show` shows; `--json` has all. */
function metricPart({ shared }: PlanDiff): string {
  if (shared.length === 0) return '\nNo cell is in both\n'
  const rows = shared.flatMap((cell) =>
    cell.metrics
      .filter(({ metric }) => shownMetrics.includes(metric))
      .map((each) => [cellLabel(cell), ...metricRow(each)]),
  )
  if (rows.length === 0) return '\nNothing was measured yet of the cells in both\n'
  const right = ['a', 'n', 'b', 'n', 'b / a'].map((head) => ({ head, align: 'right' as const }))
  return `\nCells in both\n${textTable([{ head: 'cell' }, { head: 'metric' }, ...right], rows)}`
}

function metricRow({ metric, a, b, ratio }: SharedMetric): string[] {
  const of = (value: typeof a) => (value === undefined ? ['–', ''] : [metricText(metric, value.value), `${value.n}`])
  return [metricHead(metric), ...of(a), ...of(b), ratio?.toFixed(3) ?? '–']
}
