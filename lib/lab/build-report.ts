import { join, relative } from 'node:path'
import type { Plan } from '../domain/plan.ts'
import type { ReportTemplate } from '../domain/report-template.ts'
import { reportSettingsOf } from '../experiment/report-schema.ts'
import { planFileName } from '../report/file-name.ts'
import { renderReport } from '../report/render-report.ts'
import { loadTemplates } from '../report/template-files.ts'
import { readPlanSetting } from '../store/read-plan-data.ts'
import type { Store } from '../store/store.ts'
import { planPost } from './build-post.ts'
import type { BuiltReport } from './built-report.ts'
import { findLab, type Place } from './lab.ts'
import { outputPath } from './output-path.ts'
import { readReportData } from './report-data.ts'

export type Destination = Place & {
  /** Where the report will be, relative to the current folder: a file, or a folder for its own name; `-` is standard output. */
  path?: string
  /** In place of the language that the experiment's file asks for. */
  language?: string
  /** In place of the template that the experiment's file asks for. Markdown is always a post. */
  template?: ReportTemplate
  /** Nothing is written beside the report, either. */
  writesNothing?: true
}

/** Where the report of a plan belongs, relative to the current folder; in another language than its own beside that. */
export function reportPath(plan: Pick<Plan, 'id' | 'experiment'>, { cwd, language }: Destination): string {
  const suffix = language === undefined || language === settingsOf(plan).language ? '' : `.${language}`
  return relative(cwd, join(findLab(cwd).root, 'reports', 'out', `${planFileName(plan)}${suffix}.html`))
}

const settingsOf = ({ experiment }: Pick<Plan, 'experiment'>) => reportSettingsOf(experiment.text)

/**
 * The report of a plan by the lab's templates, or the post on it, and where it belongs. Requests that are too many for the page are
 * written to a file beside it (none for standard output).
 */
export async function buildReport(store: Store, planId: string, place: Destination): Promise<BuiltReport> {
  const lab = findLab(place.cwd)
  const setting = readPlanSetting(store, planId)
  const { template: asked, language } = { ...settingsOf(setting.plan), ...given(place) }
  const template = await loadTemplates(lab.root, language)
  const path = outputPath(reportPath(setting.plan, place), place)
  const isPost = asked === 'post' || path.endsWith('.md')
  const written = isPost || place.writesNothing ? '-' : path
  const material = { ...(await readReportData(store, setting, { cwd: place.cwd, path: written })), template }
  if (isPost) return { path, ...(await planPost(material, { labRoot: lab.root, language, path })) }
  return { text: await renderReport(material.data, material), path, beside: [], pins: [], doubts: [], typed: [] }
}

function given({ template, language }: Destination) {
  return { ...(template !== undefined && { template }), ...(language !== undefined && { language }) }
}
