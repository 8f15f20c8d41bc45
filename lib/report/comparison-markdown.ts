import type { Plan } from '../domain/plan.ts'
import type { PlanVerdicts } from '../domain/verdict.ts'
import { comparisonRemarks } from './comparison-remarks.ts'
import { markdownTable } from './markdown-table.ts'
import { markdownText } from './markdown-text.ts'
import type { BoundCell } from './post-bindings.ts'
import { intervalHead, type ToldArms, type ToldMetric } from './told-comparison.ts'
import type { Words } from './words.ts'

type Of = { plan: Plan; verdicts: PlanVerdicts; told: readonly ToldArms[]; words: Words }

/** Verdicts as Markdown, to be pasted where a change is talked about. */
export function comparisonMarkdown({ plan, verdicts, told, words }: Of): string {
  const remarks = comparisonRemarks({ plan, verdicts, told, words })
  const parts = [
    ...told.flatMap((each) => armsMarkdown(each, words)),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `- ${markdownText(remark)}`).join('\n')]),
    `\`benchbook compare ${plan.id}\``,
  ]
  return `${parts.join('\n\n')}\n`
}

type Told = Pick<ToldArms, 'title' | 'says' | 'metrics'> & { comparison: Pick<ToldArms['comparison'], 'declared'> }

/** Two arms, or two imported logs: the parts of it, each a block of Markdown. */
export function armsMarkdown({ title, says, metrics, comparison }: Told, words: Words): string[] {
  const notes = metrics.flatMap(({ label, notes: own }) => own.map((note) => `- ${markdownText(`${label}: ${note}`)}`))
  return [
    `### ${markdownText(title)}`,
    `**${markdownText(says)}**`,
    ...(metrics.length === 0 ? [] : [metricsTable(metrics, comparison.declared, words)]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
  ]
}

const numeric = ['change', 'interval', 'margin']
const columns = ['metric', 'change', 'interval', 'margin', 'basis', 'verdict'] as const

const cell = (text: string, name: string): BoundCell => ({ text, numeric: numeric.includes(name) })

/** A metric that was not declared is marked where others were. */
function metricsTable(metrics: readonly ToldMetric[], declared: boolean, words: Words): string {
  return markdownTable({
    title: '',
    head: columns.map((name) =>
      cell(name === 'interval' ? intervalHead(metrics, words) : words(`verdict.head.${name}`), name),
    ),
    rows: metrics.map((metric) => {
      const label = [metric.label, metric.cell].filter((part) => part !== '').join(', ')
      const texts = {
        ...metric,
        metric: declared && !metric.comparison.declared ? `${label} *` : label,
        verdict: metric.says,
      }
      return columns.map((name) => cell(texts[name], name))
    }),
    notes: [],
  })
}
