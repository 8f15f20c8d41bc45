import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { renderReport } from '../report/render-report.ts'
import { loadTemplates } from '../report/template-files.ts'
import { findPlan } from '../store/find-plan.ts'
import { listPlans } from '../store/list-plans.ts'
import { readPlanData } from '../store/read-plan-data.ts'
import type { Store } from '../store/store.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { findLab } from './lab.ts'
import { openLabStore } from './lab-store.ts'
import { type Output, writeOutput } from './output.ts'

export type ReportOptions = CommonOptions & { output?: string }

/** Rebuilds the report of a plan, named by its id or by the experiment file it came from. */
export async function report(what: string, options: ReportOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const planId = planNamed(store, what, io)
  const path = await writeReport(store, planId, { io, ...(options.output !== undefined && { path: options.output }) })
  if (path !== '-' && options.json) printJson(io, { report: path })
  else if (path !== '-') io.stdout(`${path}\n`)
}

/** Writes a plan's report; returns where, relative to the current folder. */
export async function writeReport(
  store: Store,
  planId: string,
  { io, ...output }: Partial<Output> & { io: Io },
): Promise<string> {
  const lab = findLab(io.cwd)
  const data = readPlanData(store, planId)
  const html = await renderReport(data, { template: await loadTemplates(lab.root) })
  const name = `${data.plan.experiment.name}-${planId}.html`
  const path = output.path ?? relative(io.cwd, join(lab.root, 'reports', 'out', name))
  await writeOutput({ ...output, path }, [html], io)
  return path
}

/** A file means the last plan of its experiment. */
function planNamed(store: Store, what: string, io: Io): string {
  if (!/\.(ya?ml|json)$/.test(what)) return findPlan(store, what)
  const file = relative(findLab(io.cwd).root, resolve(io.cwd, what)) // as a plan names it
  const found = listPlans(store).find((plan) => plan.file === file)
  if (found) return found.id
  const name = plain(what)
  if (!existsSync(resolve(io.cwd, what)))
    throw new UserError(`${name} is not there, and no plan of it in ${store.file}`)
  throw new UserError(`no plan of ${name} in ${store.file}: run it first, with benchbook run ${name}`)
}
