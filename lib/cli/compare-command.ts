import { extname } from 'node:path'
import { isImportName } from '../domain/imported-log.ts'
import { plain, plainLines } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import type { PlanVerdicts } from '../domain/verdict.ts'
import { askedComparison } from '../lab/asked-comparison.ts'
import { findLab } from '../lab/lab.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { readComparison } from '../lab/read-comparison.ts'
import { comparisonMarkdown } from '../report/comparison-markdown.ts'
import { loadWords } from '../report/template-files.ts'
import { type ToldArms, toldComparisons } from '../report/told-comparison.ts'
import type { Words } from '../report/words.ts'
import { readPlan } from '../store/read-plan.ts'
import { type BaselineOptions, measureBaseline, requireBaseline } from './compare-baseline.ts'
import { compareText } from './compare-text.ts'
import { comparisonExit, type FailOn, failOnOf } from './fail-on.ts'
import { type CommonOptions, type Io, jsonText } from './io.ts'
import { oneOf } from './one-of.ts'
import { writeOutput } from './output.ts'

export type CompareOptions = CommonOptions &
  BaselineOptions & {
    arms?: readonly string[]
    metric?: readonly string[]
    margin?: readonly string[]
    md?: true
    failOn?: string
    output?: string
    lang?: string
  }

/** Says what the blocks of a plan show of its arms. Two plans get no verdict: they were measured apart. */
export async function compare(
  what: string,
  other: string | undefined,
  options: CompareOptions,
  io: Io,
): Promise<ExitCode> {
  const failOn = failOnOf(options.failOn)
  const format = formatOf(options)
  requireBaseline(options)
  if ([what, other].some((each) => each !== undefined && isImportName(each)))
    return tellImports([what, other], { failOn, format, options, io })
  const { baseline } = options
  if (baseline !== undefined && other !== undefined)
    throw new UserError(`--baseline is held against one file: leave out ${plain(other)}`)
  const measured = baseline === undefined ? undefined : await measureBaseline(what, baseline, options, io)
  if (measured?.status === 'ended') return measured.exitCode
  using store = openLabStore(options, io, 'read')
  const words = await loadWords(findLab(io.cwd).root, options.lang)
  const planId = measured?.planId ?? planNamed(store, what, io)
  if (other !== undefined) return await apart([planId, planNamed(store, other, io)], { format, words, options, io })
  const plan = readPlan(store, planId)
  const { arms, metric, margin } = options
  const asked = askedComparison(plan, { arms, metrics: metric, margins: margin })
  const exitCode = await tellComparison(
    { plan, verdicts: readComparison(store, planId, asked) },
    { failOn, format, words, options, io },
  )
  return exitCode === exitCodes.ok && measured !== undefined ? measured.exitCode : exitCode
}

/** Two logs of llama-perplexity: nothing of theirs was measured here. */
async function tellImports(
  named: readonly [string, string | undefined],
  { failOn, ...telling }: Omit<Telling, 'words'> & { failOn: readonly FailOn[]; options: CompareOptions },
): Promise<ExitCode> {
  const { options, io, format } = telling
  const words = await loadWords(findLab(io.cwd).root, options.lang)
  const { comparedImports } = await import('./compare-imports.ts')
  const compared = comparedImports(named, { options, failOn, words, io })
  await put(compared[format](), { ...telling, words })
  return compared.exitCode
}

type Format = 'text' | 'json' | 'md'
type Telling = { format: Format; words: Words; options: Pick<CompareOptions, 'output'>; io: Io }

/** Prints or writes what is said of a plan, and says how that ends. */
async function tellComparison(
  { plan, verdicts }: { plan: Plan; verdicts: PlanVerdicts },
  { failOn, ...telling }: Telling & { failOn: readonly FailOn[] },
): Promise<ExitCode> {
  const { words, format } = telling
  const of = { plan, verdicts, told: toldComparisons(plan, verdicts, words), words }
  const exitCode = comparisonExit(verdicts, failOn)
  const text = {
    text: () => compareText(of),
    md: () => plainLines(comparisonMarkdown(of)),
    json: () => jsonText({ plan: plan.id, exitCode, comparisons: of.told.map(armsJson), twins: verdicts.twins }),
  }
  await put(text[format](), telling)
  return exitCode
}

function armsJson({ comparison, names: { base, against }, says, metrics }: ToldArms) {
  const cells = comparison.cells.map((cell) => ({
    ...cell,
    metrics: cell.metrics.map((each) => ({ ...each, says: metrics.find(({ comparison: own }) => own === each)?.says })),
  }))
  return { names: { base, against }, says, ...comparison, cells }
}

/** Two plans have no verdict, whatever of them is asked for. */
function refuseAsked({ arms, metric, margin }: CompareOptions): void {
  const given = Object.entries({ '--arms': arms, '--metric': metric, '--margin': margin })
    .filter(([, value]) => value !== undefined)
    .map(([option]) => option)
  if (given.length > 0)
    throw new UserError(`${given.join(', ')} choose within one plan: two plans, measured apart, have no verdict`)
}

async function apart(
  plans: readonly [string, string],
  { format, words, ...telling }: Telling & { options: CompareOptions },
): Promise<ExitCode> {
  const [a, b] = plans
  refuseAsked(telling.options)
  if (a === b) throw new UserError(`${a} is one and the same plan: its arms are compared by benchbook compare ${a}`)
  const says = `${words('verdict.measured-apart')}.`
  const texts = {
    text: () => `${says}\n\nbenchbook diff ${a} ${b}  shows what differs between the two\n`,
    md: () => `**${says}**\n`,
    json: () => jsonText({ plans, verdict: { row: 'measured-apart' }, says, exitCode: exitCodes.inconclusive }),
  }
  await put(texts[format](), { format, words, ...telling })
  return exitCodes.inconclusive
}

async function put(text: string, { options: { output = '-' }, io }: Telling): Promise<void> {
  if (output === '-') io.stdout(text)
  else {
    await writeOutput({ path: output }, [text], io)
    io.stdout(`${output}\n`)
  }
}

const endings = { '.json': 'json', '.md': 'md', '.txt': 'text' } as const

/** As options say, else by the ending of the file. */
function formatOf({ json, md, output = '-' }: CompareOptions): Format {
  if (json && md) throw new UserError('--json and --md are two forms of the same: give one of them')
  if (json || md) return json ? 'json' : 'md'
  const ending = extname(output)
  if (output === '-') return 'text'
  if (Object.hasOwn(endings, ending)) return endings[ending as keyof typeof endings]
  throw new UserError(
    `cannot tell the format of ${plain(output)}: let it end in ${oneOf(Object.keys(endings))}, or say --md or --json`,
  )
}
