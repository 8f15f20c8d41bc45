import { buildReport } from '../lab/build-report.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { writeOutput } from './output.ts'

export type ReportOptions = CommonOptions & { output?: string }

/** Rebuilds the report of a plan, named by its id or by the experiment file it came from. */
export async function report(what: string, options: ReportOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const planId = planNamed(store, what, io)
  const { output } = options
  const { html, path } = await buildReport(store, planId, { ...io, ...(output !== undefined && { path: output }) })
  await writeOutput({ path }, [html], io)
  if (path !== '-' && options.json) printJson(io, { report: path })
  else if (path !== '-') io.stdout(`${path}\n`)
}
