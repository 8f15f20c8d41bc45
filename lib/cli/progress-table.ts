import { loadText } from '../domain/load-text.ts'
import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import type { CellProgress, Progress, TrialState } from '../run/progress.ts'
import { cellLabel, duration } from '../run/progress-lines.ts'
import { progressColumns } from './progress-columns.ts'
import { painter, type Paint } from './progress-style.ts'
import { shownCells } from './shown-cells.ts'
import { cut } from './text-columns.ts'

export type TableOptions = {
  plan: Plan
  columns: number
  rows: number
  /** Milliseconds since 1970. */
  nowMs: number
  symbols: 'unicode' | 'ascii'
  /** Milliseconds that the run has taken until now, where that is known. */
  elapsedMs?: number
  /** What the run is about just now: a line that is not to scroll away above a table that fills the terminal. */
  note?: string | undefined
}

/** In columns; less where the terminal is narrow. */
const barWidth = 20
const wide = 100

/** How far a plan is, as lines that fit a terminal: its head, the cells that matter most now, and how much is left. */
export function progressTable(progress: Progress, options: TableOptions): string[] {
  const { columns, rows } = options
  const paint = painter(options.symbols)
  const width = Math.max(1, columns - 1) // a character in the last column may wrap or not
  const foot = footLines(progress, options, paint)
  const room = rows - 1 - foot.length - 2 // the cursor's line, the head and the columns' heads
  if (room < 1) return foot.slice(0, Math.max(1, rows - 1)).map((line) => paint.cut(line, width))
  const shown = shownCells(progress.cells, progress.cells.length > room ? room - 1 : room)
  const { heads, cells } = progressColumns(progress, { ...options, paint, width })
  const lines = shown.map((at) => cells[at] ?? '')
  const more = moreLine(progress.cells, new Set(shown))
  const head = paint.bold(cut(headOf(options.plan, progress), width))
  return [
    head,
    paint.dim(heads),
    ...lines,
    ...more.map((line) => paint.dim(cut(line, width))),
    ...foot.map((line) => paint.cut(line, width)),
  ]
}

function headOf({ experiment, id, blocks, cells }: Plan, { launch }: Progress): string {
  const block = launch && blocks > 1 ? `, block ${launch.block + 1} of ${blocks}` : ''
  return `${plain(experiment.name)} (plan ${id})${openLoadText(cells)}${block}`
}

/** How requests arrive, where they do so alike in all cells. */
function openLoadText(cells: Plan['cells']): string {
  const texts = new Set(cells.map(({ config }) => (config.load.kind === 'closed' ? '' : `, ${loadText(config.load)}`)))
  return texts.size === 1 ? ([...texts][0] ?? '') : ''
}

function moreLine(cells: readonly CellProgress[], shown: ReadonlySet<number>): string[] {
  const hidden = cells.filter((_, at) => !shown.has(at))
  if (hidden.length === 0) return []
  const done = hidden.filter(({ states }) => states.every((state) => state !== 'open' && state !== 'running')).length
  return [`+${hidden.length} more, ${done} of them measured`]
}

function footLines(progress: Progress, options: TableOptions, paint: Paint): string[] {
  const { counts, trials, problem } = progress
  const ended = trials - counts.open - counts.running
  const took = options.elapsedMs === undefined ? '' : ` · ${duration(options.elapsedMs)} so far`
  const line = `${bar(ended / Math.max(1, trials), options.columns < wide ? barWidth / 2 : barWidth, paint)} ${ended} of ${trials} trials${took} · ${leftText(progress, options.nowMs)}`
  const named = { ok: 'ok', invalid: 'not to be used', failed: 'failed', running: 'running', open: 'to come' }
  const states = (Object.keys(named) as TrialState[]).filter((state) => counts[state] > 0)
  const legend = states.map((state) => `${paint.state(state)} ${counts[state]} ${named[state]}`).join('  ')
  const why =
    problem && `${paint.state(problem.state)} ${paint.dim(plain(`${cellLabel(problem.cell)}: ${problem.detail}`))}`
  return [line, ...(options.note ? [paint.bold(plain(options.note))] : []), legend, ...(why ? [why] : [])]
}

/** `about 4 min left (by trials so far)`. */
export function leftText({ counts, left, launch, cells }: Progress, nowMs: number): string {
  if (counts.open + counts.running === 0) return 'done'
  if (left === undefined) return 'time left not known yet'
  const since = cells.find(({ runningSinceMs }) => runningSinceMs !== undefined)?.runningSinceMs
  const takenMs = launch?.trial && since !== undefined ? Math.max(0, nowMs - since) : 0
  const restMs = left.ms - Math.min(takenMs, left.runningMs)
  return `about ${duration(restMs)} left (${left.basis})`
}

function bar(share: number, columns: number, { full, empty, dim }: Paint): string {
  const filled = Math.floor(share * columns)
  return full.repeat(filled) + dim(empty.repeat(columns - filled))
}
