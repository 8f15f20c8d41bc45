import { shownDate } from './numbers.ts'
import { renderPage } from './page.ts'
import { pageScript } from './page-script.ts'
import { inlineText, policyOf } from './policy.ts'
import { scriptJson } from './script-json.ts'
import { shownText } from './shown-text.ts'
import type { Summary } from './summary.ts'
import type { TemplateFiles } from './template-files.ts'
import { type Words, wordsOf } from './words.ts'

/** A file among the reports of a lab; without a summary where that could not be read. */
export type IndexedReport = { file: string; summary: Summary | undefined }
/** A plan of the store that has no report among them. */
export type UnreportedPlan = {
  id: string
  title: string
  createdAtMs: number
  cells: number
  trials: number
  ended: number
}

type Chip = { text: string; tone: 'plain' | 'warn' }
type Entry = {
  language: string
  href: string
  command: string
  title: string
  question: string
  kicker: string
  answer: string
  chips: readonly Chip[]
  atMs: number
}

/** The index of a lab's reports as one page, the latest first: the same bytes for the same reports, plans and templates. */
export async function renderIndex(
  { reports, plans }: { reports: readonly IndexedReport[]; plans: readonly UnreportedPlan[] },
  { template }: { template: TemplateFiles },
): Promise<string> {
  const words = wordsOf(template.strings)
  const script = inlineText(await pageScript(template.scripts, 'index.js'), 'script', 'reports/scripts')
  const style = inlineText(template.style, 'style', 'reports/style.css')
  const entries = [...reports.map((report) => reported(report, words)), ...plans.map((plan) => unreported(plan, words))]
  return renderPage(
    template.templates,
    {
      entries: entries.toSorted((a, b) => b.atMs - a.atMs || (a.href + a.command < b.href + b.command ? -1 : 1)),
      count: words('index.count', { n: reports.length }),
      say: template.strings,
      words: scriptJson(template.strings['tools']),
      policy: policyOf({ scripts: [script], style }),
      style,
      script,
    },
    'index',
  )
}

function reported({ file, summary }: IndexedReport, words: Words): Entry {
  const href = encodeURIComponent(file)
  if (summary === undefined)
    return {
      language: words('language'),
      href,
      command: '',
      title: shownText(file),
      question: '',
      kicker: words('index.no-summary'),
      answer: '',
      chips: [],
      atMs: 0,
    }
  const { language, title, question, kicker, answer, chips, atMs } = summary
  const other = language.code === words('language') ? [] : [{ text: language.name, tone: 'plain' as const }]
  return {
    language: shownText(language.code),
    href,
    command: '',
    title: shownText(title),
    question: shownText(question),
    kicker: shownText(kicker),
    answer: shownText(answer),
    chips: [...chips, ...other].map(({ text, tone }) => ({ text: shownText(text), tone })),
    atMs,
  }
}

function unreported({ id, title, createdAtMs, cells, trials, ended }: UnreportedPlan, words: Words): Entry {
  return {
    language: words('language'),
    href: '',
    command: `benchbook report ${id}`,
    title: shownText(title),
    question: '',
    kicker: words('index.planned', { when: shownDate(createdAtMs) }),
    answer: words('index.unreported'),
    chips: [
      { text: words('head.cells', { n: cells }), tone: 'plain' },
      { text: words('index.ended', { n: ended, all: trials }), tone: ended < trials ? 'warn' : 'plain' },
    ],
    atMs: createdAtMs,
  }
}
