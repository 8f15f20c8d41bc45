import { resolve } from 'node:path'
import { UserError } from '../domain/user-error.ts'
import { buildReport } from '../lab/build-report.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { isIndexed, writeIndex } from '../lab/write-index.ts'
import { openFile } from '../shell/open-file.ts'
import { listPlans } from '../store/list-plans.ts'
import type { Store } from '../store/store.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { writeOutput } from './output.ts'

export type ReportOptions = CommonOptions & { output?: string; all?: true; index?: true; open?: true; lang?: string }

/** Rebuilds the report of a plan, named by its id or by the experiment file it came from; or those of all, or their index. */
export async function report(what: string | undefined, options: ReportOptions, io: Io): Promise<void> {
  checkArguments(what, options)
  using store = openLabStore(options, io, 'read')
  if (what === undefined) return await reportAll(store, options, io)
  const { output, lang: language } = options
  const place = { ...io, ...(output !== undefined && { path: output }), ...(language !== undefined && { language }) }
  const { html, path } = await buildReport(store, planNamed(store, what, io), place)
  await writeOutput({ path }, [html], io)
  if (path === '-') return
  if (isIndexed(path, io)) await writeIndex(store, io)
  if (options.json) printJson(io, { report: path })
  else io.stdout(`${path}\n`)
  await show(path, options, io)
}

async function reportAll(store: Store, options: ReportOptions, io: Io): Promise<void> {
  const reports: string[] = []
  const place = { ...io, ...(options.lang !== undefined && { language: options.lang }) }
  for (const { id } of options.all ? listPlans(store) : []) {
    const { path, html } = await buildReport(store, id, place)
    await writeOutput({ path }, [html], io)
    io.stderr(`${path}\n`)
    reports.push(path)
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
