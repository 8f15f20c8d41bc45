import { resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { buildReport } from '../lab/build-report.ts'
import type { BuiltReport } from '../lab/built-report.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { isFolder } from '../lab/output-path.ts'
import { publishedFiles } from '../lab/published-files.ts'
import { isIndexed, writeIndex } from '../lab/write-index.ts'
import { openFile } from '../shell/open-file.ts'
import { listPlans } from '../store/list-plans.ts'
import { type Io, printJson } from './io.ts'
import { openReported, type Reported } from './reported.ts'
import { placeOf, type ReportOptions, writeReport } from './write-report.ts'

/** Rebuilds the report of a plan, named by its id or by the experiment file it came from; or those of all, or their index. */
export async function report(what: string | undefined, options: ReportOptions, io: Io): Promise<ExitCode> {
  checkArguments(what, options, io)
  if (what === undefined) await reportAll(options, io)
  else {
    using reported = await openReported(what, options, io)
    if (reported.of === 'published' && options.template === 'page')
      throw new UserError('published figures have no report but their post: leave out --template page')
    if (options.check) return await (await import('./report-check.ts')).checkWritten(reported, options, io)
    if (options.watch) await (await import('./report-watch.ts')).watchWritten(reported, options, io)
    else await reportOne(reported, options, io)
  }
  return exitCodes.ok
}

async function reportOne({ store, build }: Reported, options: ReportOptions, io: Io): Promise<void> {
  const built = await build(placeOf(options, io))
  await writeReport(built, io)
  const { path } = built
  if (path === '-') return
  if (isIndexed(path, io)) await writeIndex(store, io)
  if (options.json) printJson(io, { report: path })
  else io.stdout(`${path}\n`)
  await show(path, options, io)
}

async function reportAll(options: ReportOptions, io: Io): Promise<void> {
  const place = placeOf(options, io)
  const reports: string[] = []
  const write = async (built: BuiltReport) => {
    await writeReport(built, io)
    io.stderr(`${built.path}\n`)
    reports.push(built.path)
  }
  for (const file of options.all ? publishedFiles(io) : []) {
    using reported = await openReported(file, options, io)
    await write(await reported.build(place))
  }
  using store = openLabStore(options, io, 'read')
  for (const { id } of options.all ? listPlans(store) : []) await write(await buildReport(store, id, place))
  const index = await writeIndex(store, place)
  if (options.json) printJson(io, { index, ...(options.all && { reports }) })
  else io.stdout(`${index}\n`)
  await show(index, options, io)
}

async function show(path: string, { open }: ReportOptions, { cwd, env, stderr }: Io): Promise<void> {
  if (!open) return
  const opened = await openFile(resolve(cwd, path), { platform: process.platform, env })
  if (opened.status === 'not opened') stderr(`not opened: ${opened.reason}\n`)
}

function checkArguments(what: string | undefined, options: ReportOptions, io: Io): void {
  const { all, index, output, open, check, watch } = options
  if (what === undefined && !all && !index)
    throw new UserError('name a plan or an experiment file (latest is the last plan), or give --all or --index')
  if (what !== undefined && (all || index))
    throw new UserError(
      `--${all ? 'all' : 'index'} is for every report: leave out the plan, or leave out --${all ? 'all' : 'index'}`,
    )
  if (what === undefined && output !== undefined)
    throw new UserError('-o is for one report: all of them and their index go to reports/out')
  if (output !== undefined && /\.(?!html?$|md$)[^./\\]*$/i.test(output) && !isFolder(output, io))
    throw new UserError(`-o ${plain(output)}: a report is .html, a post .html or .md`)
  if (check && watch) throw new UserError('--check looks once, --watch stays: give one of them')
  const mode = check ? '--check' : '--watch'
  if ((check || watch) && what === undefined) throw new UserError(`${mode} is for one report: name its plan or file`)
  if ((check || watch) && output === '-') throw new UserError(`${mode} needs a file: leave out -o -`)
  if (check && open) throw new UserError('--check only looks: leave out --open')
  if (open && output === '-') throw new UserError('--open needs a file: leave out -o -, or leave out --open')
}
