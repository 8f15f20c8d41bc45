import { join, relative } from 'node:path'
import { renderReport } from '../report/render-report.ts'
import { loadTemplates } from '../report/template-files.ts'
import { readPlanData } from '../store/read-plan-data.ts'
import type { Store } from '../store/store.ts'
import { findLab, type Place } from './lab.ts'

export type BuiltReport = {
  html: string
  /** Where reports of the lab are kept, relative to the current folder. */
  path: string
}

/** The report of a plan by the lab's templates, and where it belongs. */
export async function buildReport(store: Store, planId: string, { cwd }: Place): Promise<BuiltReport> {
  const lab = findLab(cwd)
  const data = readPlanData(store, planId)
  const html = await renderReport(data, { template: await loadTemplates(lab.root) })
  const name = `${data.plan.experiment.name}-${planId}.html`
  return { html, path: relative(cwd, join(lab.root, 'reports', 'out', name)) }
}
