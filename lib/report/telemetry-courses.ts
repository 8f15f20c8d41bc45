import type { TrialRow } from '../domain/plan-data.ts'
import type { MemorySample } from '../domain/record.ts'
import { quantile } from '../stats/quantile.ts'
import { panelOf } from './cell-rows.ts'
import type { ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { endOf, type Kind } from './telemetry-kinds.ts'

const mostPanels = 4

/** What was sampled of a trial, and its peak (of a clock its least). */
export type Course = { trial: TrialRow; samples: readonly MemorySample[]; peak: number }
export type Row = { cell: ShownCell; courses: readonly Course[]; shown: Course }

/** The cells whose speed is measured and of which `kind` was sampled: those in the first panels, and how many more there are. */
export function sampledOf(evidence: Evidence, kind: Kind): { rows: readonly Row[]; left: number } {
  const { field } = kind
  const byTrial = new Map((evidence.data.telemetry ?? []).map((each) => [each.trialId, each.samples]))
  const all = (measuredSpeeds(evidence)[0]?.cells ?? []).flatMap((cell): Row[] => {
    const courses = evidence.trialsOf(cell.cell.id).flatMap((trial): Course[] => {
      const samples = (byTrial.get(trial.id) ?? []).filter((sample) => sample[field] !== undefined)
      return samples.length < 2 ? [] : [{ trial, samples, peak: endOf(kind, samples) }]
    })
    const shown = representative(courses)
    return shown === undefined ? [] : [{ cell, courses, shown }]
  })
  const panels = [...new Set(all.map(({ cell }) => panelKey(evidence, cell)))].slice(0, mostPanels)
  const rows = all.filter(({ cell }) => panels.includes(panelKey(evidence, cell)))
  return { rows, left: all.length - rows.length }
}

/** The name of the panel in which a cell stands, with its group. */
export function panelKey(evidence: Evidence, cell: ShownCell): string {
  const panel = panelOf(evidence, cell)
  return cell.arm.group === '' || cell.arm.group === panel ? panel : `${cell.arm.group} · ${panel}`
}

/** The valid launch whose peak is nearest to the median of their peaks; the first of equals. */
function representative(courses: readonly Course[]): Course | undefined {
  const valid = courses.filter(({ trial }) => trial.invalid.length === 0)
  const from = valid.length > 0 ? valid : courses
  const middle = quantile(Float64Array.from(from, ({ peak }) => peak).toSorted(), 0.5) ?? 0
  return from.toSorted((a, b) => Math.abs(a.peak - middle) - Math.abs(b.peak - middle) || a.trial.id - b.trial.id)[0]
}
