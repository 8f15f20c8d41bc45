import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import type { PlanVerdicts, VerdictRow } from '../domain/verdict.ts'
import { quoted } from '../domain/quoted.ts'
import { comparisonRemarks } from '../report/comparison-remarks.ts'
import { intervalHead, type ToldArms, type ToldMetric } from '../report/told-comparison.ts'
import type { Words } from '../report/words.ts'
import { widthOf } from './text-columns.ts'
import { textTable } from './text-table.ts'

type Compared = { plan: Plan; verdicts: PlanVerdicts; told: readonly ToldArms[]; words: Words }

const width = 80
const kept = '\ue000'

/** What `compare` prints: of each pair the sentence to decide by, then its metrics, then where to look further. */
export function compareText({ plan, verdicts, told, words }: Compared): string {
  const head = `${plain(plan.experiment.title)} (plan ${plan.id})`
  const arms = told.map((each) => armsText(each, words))
  const remarks = comparisonRemarks({ plan, verdicts, told, words }).map((remark) => `${wrap(remark, 0)}\n`)
  return [
    `${wrap(head, 0)}\n`,
    ...arms,
    ...(remarks.length === 0 ? [] : [remarks.join('')]),
    nextText(plan, told),
  ].join('\n')
}

/** Two arms, or two imported logs, in words. */
export type Told = Pick<ToldArms, 'title' | 'says' | 'metrics'> & {
  comparison: Pick<ToldArms['comparison'], 'declared'>
}

/** A title, the sentence to decide by, then the metrics and what is to be known of them. */
export function armsText({ title, says, metrics: all, comparison }: Told, words: Words): string {
  const metrics = all.map((each) => ({ ...each, label: labelOf(each, comparison) }))
  const notes = notesOf(metrics).map((note) => `${wrap(note, 2)}\n`)
  const table = metrics.length === 0 ? '' : `\n${indented(metricsTable(metrics, words))}`
  return `${wrap(title, 0)}\n${wrap(says, 2)}\n${table}${notes.length === 0 ? '' : `\n${notes.join('')}`}`
}

function metricsTable(metrics: readonly ToldMetric[], words: Words): string {
  const head = (['metric', 'change', 'interval', 'margin', 'verdict'] as const).map((name) => ({
    head: name === 'interval' ? intervalHead(metrics, words) : words(`verdict.head.${name}`),
    ...(/change|interval|margin/.test(name) && { align: 'right' as const }),
  }))
  const rows = metrics.map((each) => [each.label, each.change, each.interval, each.margin, each.short])
  return textTable(
    head.map((column) => ({ ...column, head: spaced(column.head) })),
    rows.map((row) => row.map(spaced)),
  )
}

/** A metric that was not declared is marked where others were. */
const labelOf = ({ label, cell, comparison }: ToldMetric, { declared }: Told['comparison']) =>
  `${cell === '' ? label : `${label}, ${cell}`}${declared && !comparison.declared ? ' *' : ''}`

// What the table says in full.
const told: readonly VerdictRow[] = ['beyond-margin', 'different', 'within-margin-but-different', 'equivalent']

/** What several metrics have in common stands once. */
function notesOf(metrics: readonly ToldMetric[]): string[] {
  const notes = metrics.flatMap((metric) => {
    const own = told.includes(metric.comparison.verdict.row) ? [] : [metric.says]
    return [...own, ...metric.notes].map((note) => ({ note, label: metric.label }))
  })
  return [...Map.groupBy(notes, ({ note }) => note)].map(
    ([note, of]) => `${of.map(({ label }) => label).join('; ')}: ${note}`,
  )
}

function nextText(plan: Plan, arms: readonly ToldArms[]): string {
  const verdicts = arms.flatMap(({ metrics }) => metrics.map(({ comparison }) => comparison.verdict))
  const isOpen = verdicts.some(({ row }) => open.includes(row))
  const lacksFloor = verdicts.some((verdict) => verdict.row === 'unresolved' && verdict.floor === undefined)
  const file = plain(quoted(plan.experiment.file))
  const lines = [
    [`benchbook report ${plan.id}`, 'its report: intervals, blocks, machines'],
    ...(isOpen ? [[`benchbook plan ${file} --power 2%`, 'how many blocks would decide']] : []),
    ...(lacksFloor ? [['repeat: { aa: true }', 'in the file: measures what this machine can resolve']] : []),
  ]
  return textTable([{ head: 'next' }, { head: '' }], lines)
}

const open: readonly VerdictRow[] = ['inconclusive', 'different', 'too-few-blocks']

const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '  ')

/** No space of a report's: a terminal may have no sign for it. */
const spaced = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

/** Plain text in lines of 80 columns at most, with numbers and their units on one. */
export function wrap(text: string, indent: number): string {
  const lines: string[] = []
  for (const word of plain(text)
    .replaceAll(/[\u00a0\u202f]/g, kept)
    .split(/\s+/)) {
    const last = lines.at(-1)
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > width - indent) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.map((line) => ' '.repeat(indent) + line.replaceAll(kept, ' ')).join('\n')
}
