import { resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import type { ReportTemplate } from '../domain/report-template.ts'
import { buildPublished } from '../lab/build-published.ts'
import { buildReport, type Destination } from '../lab/build-report.ts'
import type { BuiltReport } from '../lab/built-report.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { checkedPost } from '../lab/publish-post.ts'
import { isIndexed, writeIndex } from '../lab/write-index.ts'
import { placeName } from '../parse/problem.ts'
import { isStale, staleText } from '../report/stale-pin.ts'
import { openFile } from '../shell/open-file.ts'
import { listPlans } from '../store/list-plans.ts'
import type { Store } from '../store/store.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { writeOutput } from './output.ts'

export type ReportOptions = CommonOptions & {
  output?: string
  all?: true
  index?: true
  open?: true
  lang?: string
  template?: ReportTemplate
}

/** Rebuilds the report of a plan, named by its id or by the experiment file it came from; or those of all, or their index. */
export async function report(what: string | undefined, options: ReportOptions, io: Io): Promise<void> {
  checkArguments(what, options)
  const checked = what !== undefined && isFile(what) ? await checkedPost(what, io) : undefined
  using store = openLabStore(options, io, checked === undefined ? 'read' : 'write')
  if (what === undefined) return await reportAll(store, options, io)
  const place = placeOf(options, io)
  const built =
    checked === undefined
      ? await buildReport(store, planNamed(store, what, io), place)
      : await buildPublished(store, { file: what, checked }, place)
  await writeReport(built, io)
  const { path } = built
  if (path === '-') return
  if (isIndexed(path, io)) await writeIndex(store, io)
  if (options.json) printJson(io, { report: path })
  else io.stdout(`${path}\n`)
  await show(path, options, io)
}

const isFile = (what: string) => /\.(ya?ml|json)$/.test(what)

/** Where a report goes and how it is to be made, as far as arguments say. */
function placeOf({ output, lang, template }: ReportOptions, io: Io): Destination {
  return {
    ...io,
    ...(output !== undefined && { path: output }),
    ...(lang !== undefined && { language: lang }),
    ...(template !== undefined && { template }),
  }
}

/** Writes a report with what belongs to it, that first; says what its author should know. */
async function writeReport({ path, text, beside, pins, doubts }: BuiltReport, io: Io): Promise<void> {
  if (path !== '-') for (const { path: file, content } of beside) await writeOutput({ path: file }, [content], io)
  await writeOutput({ path }, [text], io)
  for (const { place, says } of doubts) io.stderr(`${placeName(place)}: ${plain(says)}\n`)
  for (const pin of pins.filter(isStale)) io.stderr(`${staleText(pin)}\n`)
}

async function reportAll(store: Store, options: ReportOptions, io: Io): Promise<void> {
  const reports: string[] = []
  const place = placeOf(options, io)
  for (const { id } of options.all ? listPlans(store) : []) {
    const built = await buildReport(store, id, place)
    await writeReport(built, io)
    io.stderr(`${built.path}\n`)
    reports.push(built.path)
  }
  const index = await writeIndex(store, place)
  if (options.json) printJson(io, { index, ...(options.all && { reports }) })
  else io.stdout(`${index}\n`)
  await show(index, options, io)
}

/** Not to be able to is no failure: what was asked for is written. */
async function show(path: string, { open }: ReportOptions, { cwd, env, stderr }: Io): Promise<void> {
  if (!open) return
  const opened = await openFile(resolve(cwd, path), { platform: process.platform, env })
  if (opened.status === 'not opened') stderr(`not opened: ${opened.reason}\n`)
}

function checkArguments(what: string | undefined, { all, index, output, open }: ReportOptions): void {
  if (what === undefined && !all && !index)
    throw new UserError('name a plan or an experiment file (latest is the last plan), or give --all or --index')
  if (what !== undefined && (all || index))
    throw new UserError(
      `--${all ? 'all' : 'index'} is for every report: leave out the plan, or leave out --${all ? 'all' : 'index'}`,
    )
  if (what === undefined && output !== undefined)
    throw new UserError('-o is for one report: all of them and their index go to reports/out')
  if (open && output === '-') throw new UserError('--open needs a file: leave out -o -, or leave out --open')
}
