import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { Figure } from '../../lib/report/figure.ts'
import { reportView, type ReportView } from '../../lib/report/report-view.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'

const words = wordsOf((await loadTemplates()).strings)

/** What the report of `data` shows, in the packaged words. */
export function viewOf(data: PlanData): ReportView {
  return reportView(data, words, { store: 'store-digest', templates: 'templates-digest' })
}

/** Every figure of a report, in the order of the page. */
export function allFigures({ answerFigures, verdicts, figures }: ReportView): Figure[] {
  return [
    ...answerFigures,
    ...(verdicts?.pairs ?? []).flatMap(({ intervals, blocks }) => [...intervals, ...blocks]),
    ...figures,
  ]
}

/** The sentence that answers, as one text; what stands out in asterisks. */
export function sentenceOf(data: PlanData): string {
  return viewOf(data)
    .answer.parts.map(({ text, strong }) => (strong ? `*${text}*` : text))
    .join('')
}
