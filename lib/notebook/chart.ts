import type { JsonObject } from '../domain/json.ts'
import { wordLines } from '../domain/word-lines.ts'
import type { ChartName } from '../report/chart.ts'
import type { PlanChart } from '../report/plan-charts.ts'
import { loadTemplates } from '../report/template-files.ts'
import { findLab } from '../lab/lab.ts'
import { readComparison } from '../lab/read-comparison.ts'
import { openStore } from '../store/open-store.ts'
import { readCellHistory } from '../store/read-cell-history.ts'
import { readPlanData } from '../store/read-plan-data.ts'
import { readTelemetry } from '../store/read-telemetry.ts'
import { display } from './kernel.ts'
import type { NotebookPlan } from './notebook-plan.ts'
import { notebookPlace } from './place.ts'
import { textColumns } from './text-columns.ts'
import { toldLater } from './told.ts'
import { vegaLite, type VegaLiteSpec } from './vega-lite.ts'

const widest = 620

/** Shows the charts of one kind that the plan's report has; says so where it has none. */
export type ShowCharts = (plan: NotebookPlan) => Promise<void>

const showing =
  (name: ChartName): ShowCharts =>
  async (plan) => {
    const charts = (await charted(plan)).filter(({ chart }) => chart === name)
    if (charts.length === 0) display({ 'text/plain': `nothing measured for the chart "${name}"` })
    for (const each of charts) await show(each)
  }

/** Every kind of chart that a report has. */
const kinds = {
  speed: showing('speed'),
  tradeoff: showing('tradeoff'),
  memory: showing('memory'),
  distribution: showing('distribution'),
  'over-time': showing('over-time'),
  'by-number': showing('by-number'),
  telemetry: showing('telemetry'),
  'load-curve': showing('load-curve'),
  'load-latency': showing('load-latency'),
  goodput: showing('goodput'),
  'by-prompt': showing('by-prompt'),
  'heat-map': showing('heat-map'),
  requests: showing('requests'),
  'token-lengths': showing('token-lengths'),
  history: showing('history'),
  'reading-pace': showing('reading-pace'),
  intervals: showing('intervals'),
  paired: showing('paired'),
  'block-order': showing('block-order'),
} satisfies Record<ChartName, ShowCharts>

/**
 * The charts of the report, drawn by the same code from the same specifications (`reports/charts/`).
 *
 * @example
 * await chart.speed(plan)
 * await chart['over-time'](plan)
 */
export const chart: { readonly [Name in keyof typeof kinds]: ShowCharts } & { readonly all: ShowCharts } = {
  ...kinds,
  /** Every chart, in the order of the report. */
  all: async (plan) => {
    for (const each of await charted(plan)) await show(each)
  },
}

/**
 * Specifications of all the report's charts, with their data: to change and to show with `vegaLite`.
 *
 * @example
 * const [{ spec }] = await chartSpecs(plan)
 * await vegaLite({ ...spec, width: 400 })
 */
export async function chartSpecs(plan: NotebookPlan): Promise<{ title: string; spec: VegaLiteSpec }[]> {
  return (await charted(plan)).map((each) => ({ title: each.title, spec: withTitle(each) }))
}

async function charted({ store, id }: NotebookPlan): Promise<PlanChart[]> {
  return toldLater(async () => {
    const { planCharts } = await import('../report/plan-charts.ts')
    using open = openStore({ file: store.file, mode: 'read' })
    const data = readPlanData(open, id)
    const telemetry = readTelemetry(open, data.trials)
    const history = readCellHistory(open, id)
    const verdicts = data.plan.compare && readComparison(open, id)
    const whole = { ...data, telemetry, history, ...(verdicts !== undefined && { verdicts }) }
    return planCharts(whole, await loadTemplates(findLab(notebookPlace().cwd).root))
  })
}

function show(each: PlanChart): Promise<void> {
  return vegaLite(withTitle(each), [each.title, each.subtitle, textColumns(each.rows)].join('\n'))
}

// Vega breaks no lines.
function withTitle({ title, subtitle, spec }: PlanChart): VegaLiteSpec {
  const shown = {
    text: wordLines(title, 75),
    subtitle: wordLines(subtitle, 100),
    anchor: 'start',
    frame: 'group',
    offset: 12,
  }
  return { ...narrowed(spec), description: title, title: { ...shown, subtitlePadding: 4 } }
}

/** Panels as wide as JupyterLab's column beside its file browser, where the report's are wider. */
function narrowed(spec: JsonObject): JsonObject {
  const { width, spec: inner } = spec
  return {
    ...spec,
    ...(typeof width === 'number' && { width: Math.min(width, widest) }),
    ...(typeof inner === 'object' &&
      inner !== null &&
      !Array.isArray(inner) && { spec: narrowed(inner as JsonObject) }),
  }
}
