import { plain } from '../domain/plain.ts'
import { factsOf, isQuality } from '../domain/metric.ts'
import { UserError } from '../domain/user-error.ts'
import { findLab } from '../lab/lab.ts'
import type { ToolMetric } from '../measure/other-tools.ts'
import { didYouMean } from '../domain/nearest.ts'
import { engineText } from './engine-pages.ts'
import { explainPages, type Page } from './explain-pages.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { textTable } from './text-table.ts'
import { wrapped } from './wrapped.ts'

/** Explains a metric, a reason, another tool's metrics, a kind of backend or a word of the project; without a name it lists them. */
export async function explain(name: string | undefined, options: CommonOptions, io: Io): Promise<void> {
  const { packageRoot } = findLab(io.cwd)
  const pages = await explainPages(packageRoot)
  const wanted = name?.toLowerCase().replaceAll(' ', '-')
  const found = name === undefined ? pages : pages.filter((page) => wanted === page.name || isLabel(page, name))
  if (name !== undefined && found.length === 0) throw unknown(name, pages)
  if (options.json) printJson(io, { pages: found })
  else io.stdout(name === undefined ? listOf(pages) : found.map((page) => pageText(page, packageRoot)).join('\n'))
}

function isLabel(page: Page, name: string): boolean {
  const label = page.kind === 'metric' ? page.label : page.kind === 'engine' ? page.title : undefined
  return label?.toLowerCase() === name.toLowerCase()
}

function unknown(name: string, pages: readonly Page[]): UserError {
  const names = pages.flatMap((page) => (page.kind === 'metric' ? [page.name, page.label] : [page.name]))
  return new UserError(
    `nothing to explain under ${JSON.stringify(plain(name))}${didYouMean(name, names) || '; `benchbook explain` lists all there is'}`,
  )
}

function listOf(pages: readonly Page[]): string {
  const table = (kind: Page['kind'], head: string, tell: (page: Page) => string) =>
    textTable(
      [{ head }, { head: '' }],
      pages.filter((page) => page.kind === kind).map((page) => [page.name, tell(page)]),
    )
  const listed = [
    table('metric', 'metric', (page) => (page.kind === 'metric' ? page.says : '')),
    table('reason', 'reason', (page) => (page.kind === 'reason' ? `${page.of}: ${page.means}` : '')),
    table('tool', 'as other tools have it', (page) =>
      page.kind === 'tool' ? Object.keys(page.metrics).join(', ') : '',
    ),
    table('engine', 'kind of backend', (page) => (page.kind === 'engine' ? page.title : '')),
    `words\n${wrapped(pages.flatMap((page) => (page.kind === 'word' ? [page.name] : [])).join(', '))}\n`,
  ]
  return `${listed.join('\n')}\nbenchbook explain NAME tells more.\n`
}

function pageText(page: Page, packageRoot: string): string {
  switch (page.kind) {
    case 'metric':
      return metricText(page)
    case 'reason':
      return `${page.name} (why a ${subjectOf[page.of]})\n\n${wrapped(page.means)}\n\nWhat to do\n${wrapped(page.do)}\n`
    case 'tool':
      return toolText(page)
    case 'engine':
      return engineText(page, packageRoot)
    case 'word':
      return `${page.name}\n\n${wrapped(page.says)}\n`
  }
}

const subjectOf = {
  failed: 'trial failed',
  skipped: 'cell was skipped',
  invalid: 'trial is invalid',
  unused: 'trial does not count',
} as const

function metricText(page: Extract<Page, { kind: 'metric' }>): string {
  const unit = page.unit === '' ? 'no unit' : `in ${page.unit}`
  const better = page.better === 'neither' ? 'neither more nor less is better' : `${page.better} is better`
  const parts = [
    `${page.name} (${page.label}), ${unit}, ${better}\n\n${wrapped(page.says)}`,
    `Definition\n${[page.definition, ...(usesSymbols.test(page.definition) ? [symbols] : [])].map(wrapped).join('\n')}`,
    `From one value to the next\n${wrapped(fromTrials(page))}`,
    `Traps\n${page.traps.map((trap) => wrapped(`- ${trap}`)).join('\n')}`,
    `What others call it\n${wrapped(page.elsewhere)}`,
    `Where it is\n${wrapped(placesOf(page))}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function toolText({ name, says, metrics: own }: Extract<Page, { kind: 'tool' }>): string {
  const rows = Object.entries<ToolMetric>(own).map(
    ([metric, { definition, ours }]) =>
      `${metric}${ours === undefined ? '' : ` (here ${ours})`}\n${wrapped(definition)}`,
  )
  return `${name}\n\n${wrapped(says)}\n\n${rows.join('\n')}\n\n${wrapped(`A chunk is all that a server sends, a content what carries text; N is the output tokens. Times are in milliseconds here. benchbook show ID --as ${name} has the values.`)}\n`
}

const usesSymbols = /\b(t_\w|N)\b/
const symbols =
  't_1 and t_last are the first and the last content event, n_1 the tokens of the first, N all output tokens but the one that ends the sequence.'

function fromTrials({ level, mean: how, name }: Extract<Page, { kind: 'metric' }>): string {
  const valid = isQuality(name) ? 'are valid, as far as answers and not times are concerned' : 'are valid'
  const cell = `A cell's value is the ${how} mean over its launches, of trials that ended well and ${valid}.`
  if (level === 'request')
    return `A trial's value is the ${how} mean over prompts of the ${how} mean over a prompt's successful measured requests; median, p90, p95 and p99 stand beside it where there are enough. ${cell}`
  const error = factsOf(name).samples === 'chunks' ? ' Its interval comes from resampling the windows.' : ''
  return `A trial has one value.${error} ${cell}`
}

function placesOf({ level, name }: Extract<Page, { kind: 'metric' }>): string {
  const views = level === 'request' ? 'v_request, v_trial and v_cell' : 'v_trial and v_cell'
  return `Column ${name} of ${views} (benchbook query); in reports, and in \`show\` where it is one of the first; in exports. It is derived in lib/measure/ and defined in lib/domain/metric.ts.`
}
