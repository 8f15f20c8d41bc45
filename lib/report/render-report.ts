import type { PlanData } from '../domain/plan-data.ts'
import { withBoundUnits } from './bound-units.ts'
import { fillChart } from './chart.ts'
import { chartRuntime, runtimeNotice } from './chart-runtime.ts'
import { contentDigest } from './content-digest.ts'
import { drawChart } from './draw-chart.ts'
import type { Figure } from './figure.ts'
import { observedOf, type ObservedRequests } from './observed-requests.ts'
import { pageHeader } from './page-header.ts'
import { renderPage } from './page.ts'
import { pageScript } from './page-script.ts'
import { inlineText, policyOf } from './policy.ts'
import { reportView } from './report-view.ts'
import { scriptJson } from './script-json.ts'
import { summaryJson, summaryOf } from './summary.ts'
import type { TemplateFiles } from './template-files.ts'
import type { PairView } from './verdicts-view.ts'
import { wordsOf } from './words.ts'

/**
 * The report of a plan as one HTML page that works offline: the same bytes for the same data and templates, wherever and
 * whenever it is rendered. Where there are too many requests to have in memory `data` holds those that tables list, and
 * `observed` says what is known of all.
 */
export async function renderReport(
  data: PlanData,
  options: { template: TemplateFiles; observed?: ObservedRequests },
): Promise<string> {
  const { template, observed = observedOf(data) } = options
  const words = wordsOf(template.strings)
  const digests = digestsOf(data, observed, template)
  const view = reportView(data, words, digests, observed)
  const runtime = inlineText(await chartRuntime(), 'script', 'the chart runtime')
  const script = inlineText(await pageScript(template.scripts, 'page.js'), 'script', 'reports/scripts')
  const inFold = view.figures.filter((figure) => figure.folded)
  const style = inlineText(template.style + pageHeader(data.plan), 'style', 'reports/style.css')
  return renderPage(template.templates, {
    ...view,
    say: withBoundUnits(template.strings),
    words: scriptJson(template.strings['tools']),
    summary: summaryJson(summaryOf(view, data, words)),
    verdicts: view.verdicts && {
      ...view.verdicts,
      pairs: await Promise.all(view.verdicts.pairs.map((pair) => drawnPair(pair, template))),
    },
    answerFigures: await drawnAll(view.answerFigures, template),
    figures: await drawnAll(
      view.figures.filter((figure) => !figure.folded),
      template,
    ),
    moreFigures: await drawnAll(inFold, template),
    moreCharts: words('chart.more', { n: inFold.length }),
    policy: policyOf({ scripts: [runtime, script], style }),
    style,
    runtime,
    runtimeNotice,
    script,
  })
}

/** Of all that goes into a report but what other plans measured or is read from it; all requests count through the digest of their CSV. */
export function digestsOf(data: PlanData, { file }: ObservedRequests, template: TemplateFiles) {
  const { history: _, verdicts: __, ...own } = data
  const requests = { rows: file.rows, digest: file.digest }
  return { store: contentDigest({ ...own, requests }), templates: contentDigest(template) }
}

async function drawnPair(pair: PairView, template: TemplateFiles) {
  const [intervals, blocks] = [await drawnAll(pair.intervals, template), await drawnAll(pair.blocks, template)]
  return { ...pair, intervals, blocks }
}

function drawnAll(figures: readonly Figure[], template: TemplateFiles) {
  return Promise.all(figures.map((figure) => drawn(figure, template)))
}

async function drawn(figure: Figure, template: TemplateFiles) {
  const spec = fillChart(template.charts[figure.chart], { ...figure.values, config: template.chartConfig })
  const label = `${figure.title}. ${figure.subtitle}`
  return { ...figure, label, reading: figure.reading ?? '', drawing: await drawChart(spec) }
}
