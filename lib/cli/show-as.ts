import type { Cell } from '../domain/cell.ts'
import { metrics } from '../domain/metric.ts'
import { didYouMean } from '../domain/nearest.ts'
import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import { UserError } from '../domain/user-error.ts'
import { type Alternative, alternatives } from '../measure/alternatives.ts'
import { cellValue } from '../measure/cell-value.ts'
import { meanAlternatives } from '../measure/mean-alternatives.ts'
import { type OtherTool, otherTools, type ToolMetric } from '../measure/other-tools.ts'
import { readPlan } from '../store/read-plan.ts'
import { readTrialDetail } from '../store/read-trial-detail.ts'
import { readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'
import { type Io, printJson } from './io.ts'
import { oneOf } from './one-of.ts'
import { shown } from './shown.ts'
import { textTable } from './text-table.ts'

/** `valid`: whether any trial of it is; else its values are those of invalid ones. */
type CellAs = { cell: Cell; trials: readonly TrialRow[]; valid: boolean; values: Record<string, Alternative> }

/** Shows what another tool would have said of the same recording, beside what is said here. */
export function showAs(
  tool: string,
  planId: string,
  { store, io, json }: { store: Store; io: Io; json: boolean },
): void {
  const known = toolNamed(tool)
  const plan = readPlan(store, planId)
  const usable = readTrials(store, planId).filter(
    ({ status, unused, role }) => status === 'ok' && unused === undefined && role === undefined,
  )
  const cells = plan.cells.map((cell): CellAs => {
    const own = usable.filter(({ cellId }) => cellId === cell.id)
    const valid = own.filter(({ invalid }) => invalid.length === 0)
    const trials = valid.length > 0 ? valid : own
    const values = meanAlternatives(trials.map(({ id }) => ofTrial(known, id, store)))
    return { cell, trials, valid: valid.length > 0, values }
  })
  if (json) {
    const ofCells = cells.map(({ cell, trials, valid, values }) => ({
      cell: cell.id,
      axes: cell.axes,
      trials: trials.length,
      valid,
      values,
    }))
    return printJson(io, { plan: plan.id, as: known, cells: ofCells })
  }
  io.stdout(tableOf(plan, known, cells))
}

function toolNamed(tool: string): OtherTool {
  if (Object.hasOwn(otherTools, tool)) return tool as OtherTool
  const names = Object.keys(otherTools)
  throw new UserError(`--as is ${oneOf(names)}, got ${JSON.stringify(plain(tool))}${didYouMean(tool, names)}`)
}

const ofTrial = (tool: OtherTool, trialId: number, store: Store) =>
  alternatives(
    tool,
    readTrialDetail(store, trialId).requests.map(({ timeline }) => timeline),
  )

const figure = (value: number | undefined) => (value === undefined ? '' : value.toPrecision(4))

const right = (head: string) => ({ head, align: 'right' as const })

function tableOf(plan: Plan, tool: OtherTool, cells: readonly CellAs[]): string {
  const names = Object.keys(plan.cells[0]?.axes ?? {})
  const varied = names.filter((axis) => new Set(plan.cells.map(({ axes }) => JSON.stringify(axes[axis]))).size > 1)
  const rows = cells.flatMap(({ cell, trials, values }) =>
    Object.entries<ToolMetric>(otherTools[tool])
      .filter(([name]) => values[name] !== undefined)
      .map(([name, { unit, ours }]) => {
        const { value, median, p99 } = values[name] as Alternative
        const own = ours && cellValue(trials, ours, 'all')?.value
        const axes = varied.map((axis) => shown(cell.axes[axis]))
        const here = ours === undefined || own === undefined ? ['', ''] : [figure(own), metrics[ours].label]
        return [...axes, name, unit, figure(value), figure(median), figure(p99), ...here]
      }),
  )
  const head = `${plain(plan.experiment.title)} (plan ${plan.id}) as ${tool} would have it\n\n`
  if (rows.length === 0) return `${head}no trial of it has completions that ended well\n`
  const columns = [
    ...varied.map((axis) => ({ head: axis })),
    { head: tool },
    { head: 'unit' },
    ...['mean', 'median', 'p99'].map(right),
    right('here'),
    { head: 'called' },
  ]
  const doubted = cells.filter(({ trials, valid }) => trials.length > 0 && !valid).length
  const doubt =
    doubted === 0 ? '' : `\n${doubted} of ${cells.length} cells have invalid trials only: their values are those.\n`
  return `${head}${textTable(columns, rows)}${doubt}\nbenchbook explain ${tool} has its definitions.\n`
}
