import { join, relative, resolve } from 'node:path'
import { existsSync } from 'node:fs'
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
import { writeTo } from './output.ts'

export type ReportOptions = CommonOptions & { output?: string }

/** Rebuilds the report of a plan, named by its id or by the experiment file it came from. */
export async function report(what: string, options: ReportOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const path = await writeReport(store, planNamed(store, what, io), { ...options, io })
  if (path !== '-' && options.json) printJson(io, { report: path })
  else if (path !== '-') io.stdout(`${path}\n`)
}

/** Writes a plan's report; returns where, relative to the current folder. */
export async function writeReport(
  store: Store,
  planId: string,
  { output, io }: { output?: string; io: Io },
): Promise<string> {
  const lab = findLab(io.cwd)
  const data = readPlanData(store, planId)
  const html = await renderReport(data, { template: await loadTemplates(lab.root) })
  const name = `${data.plan.experiment.name}-${planId}.html`
  const path = output ?? relative(io.cwd, join(lab.root, 'reports', 'out', name))
  await writeTo(path === '-' ? path : resolve(io.cwd, path), [html])
  return path
}

/** A file means the last plan of its experiment. */
function planNamed(store: Store, what: string, io: Io): string {
  if (!/\.(ya?ml|json)$/.test(what)) return findPlan(store, what)
  const file = relative(io.cwd, resolve(io.cwd, what))
  const found = listPlans(store).find((plan) => plan.file === file)
  if (found) return found.id
  const hint = existsSync(resolve(io.cwd, what)) ? `run it first: benchbook run ${what}` : 'and there is no such file'
  throw new UserError(`no plan of ${what} in ${store.file}: ${hint}`)
}
