import { type ImportedLog, importPrefix, isImportName } from '../domain/imported-log.ts'
import type { Metric } from '../domain/metric.ts'
import { didYouMean } from '../domain/nearest.ts'
import { plain, plainLines } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { marginOf } from '../lab/asked-comparison.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { armsMarkdown } from '../report/comparison-markdown.ts'
import { markdownText } from '../report/markdown-text.ts'
import { type ToldImports, toldImports } from '../report/told-imported.ts'
import type { Words } from '../report/words.ts'
import { findImportedLog } from '../store/imported-logs.ts'
import { compareImported, type ImportedMetric, importedMetrics, metricsOfImports } from '../verdict/compare-imported.ts'
import type { CompareOptions } from './compare-command.ts'
import { armsText, wrap } from './compare-text.ts'
import { type FailOn, metricsExit } from './fail-on.ts'
import { importJson } from './imported-text.ts'
import { type Io, jsonText } from './io.ts'
import { oneOf } from './one-of.ts'

type Of = { options: CompareOptions; failOn: readonly FailOn[]; words: Words; io: Io }

/** Two imported logs against each other, in the form that is asked for. Throws a `UserError` for what cannot be in one verdict. */
export function comparedImports([a, b]: readonly [string, string | undefined], { options, failOn, words, io }: Of) {
  if (b === undefined || !isImportName(a) || !isImportName(b)) throw notTwo(a, b)
  if (options.arms !== undefined || options.baseline !== undefined)
    throw new UserError('--arms and --baseline are of plans; two imported logs are the two arms themselves')
  using store = openLabStore(options, io, 'read')
  const [base, against] = [a, b].map((name) => findImportedLog(store, name.slice(importPrefix.length))) as [
    ImportedLog,
    ImportedLog,
  ]
  if (base.digest === against.digest) throw new UserError(`${a} and ${b} are one and the same log`)
  for (const log of [base, against]) requireChunks(log)
  const metrics = askedMetrics(options.metric, metricsOfImports(base, against))
  const margins = Object.assign({}, ...(options.margin ?? []).map((text) => marginOf(text, metrics))) as Partial<
    Record<Metric, number>
  >
  const compared = compareImported(base, against, { metrics, margins })
  const told = toldImports(compared, words)
  const exitCode: ExitCode = metricsExit(compared.metrics, failOn)
  const command = `benchbook compare ${importPrefix}${base.id} ${importPrefix}${against.id}`
  return {
    exitCode,
    text: () => importsText(told, words),
    md: () => plainLines(importsMarkdown(told, words, command)),
    json: () =>
      jsonText({
        imports: [base, against].map(importJson),
        exitCode,
        comparison: {
          names: told.names,
          says: told.says,
          rounding: compared.rounding,
          correlation: compared.together ?? null,
          metrics: told.metrics.map(({ comparison, says }) => ({ ...comparison, says })),
        },
        remarks: told.remarks,
      }),
  }
}

function notTwo(a: string, b: string | undefined): UserError {
  const both = [a, ...(b === undefined ? [] : [b])].map(plain).join(' ')
  return b === undefined
    ? new UserError(`${both}: an import is held against another: benchbook compare ${importPrefix}A ${importPrefix}B`)
    : new UserError(
        `${both}: what was imported and what was measured are never in one verdict; compare two imports, or two arms of one plan`,
        exitCodes.notComparable,
      )
}

function requireChunks({ id, file, cumulative }: ImportedLog): void {
  if (cumulative.perplexity !== undefined) return
  throw new UserError(
    `${importPrefix}${id} (${plain(file)}) has no values of chunks, and an interval rests on those: import a log with both outputs (llama-perplexity ... > run.log 2>&1)`,
  )
}

function askedMetrics(
  asked: readonly string[] | undefined,
  there: readonly ImportedMetric[],
): readonly ImportedMetric[] {
  for (const name of asked ?? []) {
    const known = importedMetrics.find((metric) => metric === name)
    if (known === undefined)
      throw new UserError(
        `--metric ${plain(name)}: of imported logs there is ${oneOf(importedMetrics)}${didYouMean(name, importedMetrics)}`,
      )
    if (!there.includes(known))
      throw new UserError(
        `--metric ${known}: only logs of llama-perplexity --kl-divergence have it, and one of these is none`,
      )
  }
  return asked === undefined ? there : there.filter((metric) => asked.includes(metric))
}

const importsText = (told: ToldImports, words: Words) =>
  [armsText(told, words), told.remarks.map((remark) => `${wrap(remark, 0)}\n`).join('')]
    .filter((part) => part !== '')
    .join('\n')

function importsMarkdown(told: ToldImports, words: Words, command: string): string {
  const remarks = told.remarks.map((remark) => `- ${markdownText(remark)}`).join('\n')
  return `${[...armsMarkdown(told, words), ...(remarks === '' ? [] : [remarks]), `\`${command}\``].join('\n\n')}\n`
}
