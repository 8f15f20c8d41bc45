import type { PlanData } from '../domain/plan-data.ts'
import { comparisonOf } from './comparison.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { shownDate } from './numbers.ts'
import type { ObservedRequests } from './observed-requests.ts'
import { planRatio } from './plan-ratio.ts'
import { planTables } from './plan-tables.ts'
import { planValue } from './plan-value.ts'
import { planVerdict } from './plan-verdict.ts'
import type { PostBindings, PostPart } from './post-bindings.ts'
import type { ReportView } from './report-view.ts'
import { shownData } from './shown-text.ts'
import type { Words } from './words.ts'

type Of = { data: PlanData; observed: ObservedRequests; view: ReportView; words: Words; command: string }

/** What a post on a measured plan is bound to: the numbers, tables and figures of its report. */
export function planBindings({ data, observed, view, words, command }: Of): PostBindings {
  const shown = shownData(data)
  const evidence = evidenceOf(shown, observed, { comparison: comparisonOf(shown.plan, words), words })
  const { head, answer } = view
  const date = dateOf(data)
  return {
    title: head.title,
    question: head.question,
    description: textOf(answer),
    ...(date !== undefined && { date }),
    tags: tagsOf(evidence),
    figures: [...view.answerFigures, ...view.figures],
    value: (ask) => planValue(evidence, ask),
    ratio: (ask) => planRatio(evidence, ask),
    verdict: (ask) => planVerdict(evidence, ask),
    table: (ask) => planTables(evidence, view, ask),
    parts: partsOf(view, [
      { says: words('rebuild.made'), command: data.plan.command },
      { says: words('post.rebuilds'), command },
      { says: words('post.checks'), command: `${command} --check` },
    ]),
    command: `${command} --check`,
  }
}

const textOf = ({ parts }: ReportView['answer']) => parts.map(({ text }) => text).join('')

function partsOf(view: ReportView, commands: ReportView['rebuilding']['commands']): PostBindings['parts'] {
  const { head, answer, warnings, method, rebuilding } = view
  const said = warnings.map(({ says, means }) => `${says} ${means}`)
  return {
    answer: [sentence(textOf(answer)), ...(answer.note === '' ? [] : [sentence(answer.note)])],
    facts: [sentence([head.kicker, ...head.chips.map(({ text }) => text)].join(' · '))],
    warnings: said.length === 0 ? [] : [{ kind: 'list', items: said }],
    method: [sentence(method.sentences.join(' '))],
    versions: [{ kind: 'list', items: rebuilding.versions.map(({ field, text }) => `${field}: ${text}`) }],
    rebuild: commands.flatMap(({ says, command }) => [sentence(says), { kind: 'code', text: command }]),
  }
}

const sentence = (text: string): PostPart => ({ kind: 'sentence', text })

/** The day on which the first session began, in UTC; of a plan that has not run the day it was made. */
function dateOf({ sessions, plan }: PlanData): string {
  return shownDate(
    Math.min(...sessions.map(({ startedAtMs }) => startedAtMs), ...(sessions.length === 0 ? [plan.createdAtMs] : [])),
  )
}

/** What was compared, and on what. */
function tagsOf({ comparison, data }: Evidence): string[] {
  const models = data.plan.cells.map(({ config }) => config.model.name)
  const engines = data.plan.cells.map(({ config }) => config.backend.kind)
  return [...new Set([...models, ...engines, comparison.axis])]
}
