import { statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import type { Plan } from '../domain/plan.ts'
import type { PlanSetting } from '../domain/plan-data.ts'
import { reportSettingsOf } from '../experiment/report-schema.ts'
import { planFileName } from '../report/file-name.ts'
import { mostBytesInPage, RequestPass, requestsFileName } from '../report/observed-requests.ts'
import { readOtherCounts } from '../report/read-other-counts.ts'
import { renderReport } from '../report/render-report.ts'
import { loadTemplates } from '../report/template-files.ts'
import { readAnswers } from '../store/read-answers.ts'
import { readEngineTimes } from '../store/read-engine-times.ts'
import { readPlanSetting } from '../store/read-plan-data.ts'
import { countRequests, requestPages } from '../store/read-requests.ts'
import { readTelemetry } from '../store/read-telemetry.ts'
import type { Store } from '../store/store.ts'
import { findLab, type Place } from './lab.ts'
import { writeWhole } from './write-whole.ts'

export type BuiltReport = {
  html: string
  /** Where it belongs, relative to the current folder: where reports of the lab are kept, unless said otherwise. */
  path: string
}
const mostCompared = 20_000

type Destination = Place & {
  /** Where the report will be, relative to the current folder: a file, or a folder for its own name; `-` is standard output. */
  path?: string
  /** In place of the language that the experiment's file asks for. */
  language?: string
}

/** Where the report of a plan belongs, relative to the current folder; in another language than its own beside that. */
export function reportPath(plan: Pick<Plan, 'id' | 'experiment'>, { cwd, language }: Destination): string {
  const suffix = language === undefined || language === languageOf(plan) ? '' : `.${language}`
  return relative(cwd, join(findLab(cwd).root, 'reports', 'out', `${planFileName(plan)}${suffix}.html`))
}

const languageOf = ({ experiment }: Pick<Plan, 'experiment'>) => reportSettingsOf(experiment.text).language

/**
 * The report of a plan by the lab's templates, and where it belongs. Requests that are too many for the page are written to
 * a file beside it (none for standard output).
 */
export async function buildReport(store: Store, planId: string, place: Destination): Promise<BuiltReport> {
  const lab = findLab(place.cwd)
  const setting = readPlanSetting(store, planId)
  const template = await loadTemplates(lab.root, place.language ?? languageOf(setting.plan))
  const path = pathFor(setting.plan, place)
  const requests = await observe(store, setting, { cwd: place.cwd, path })
  const otherCounts = readOtherCounts(store, setting, requests.n)
  const observed = { ...requests, ...(otherCounts !== undefined && { otherCounts }) }
  const telemetry = readTelemetry(store, setting.trials)
  const data = { ...setting, requests: observed.listed, telemetry, ...besides(store, setting, requests.n) }
  return { html: await renderReport(data, { template, observed }), path }
}

/** What is read for single parts of the report. Of too many requests the answers are not compared. */
function besides(store: Store, setting: PlanSetting, requests: number) {
  const engineTimes = readEngineTimes(store, setting.trials)
  return { engineTimes, ...(requests <= mostCompared && { answers: readAnswers(store, setting.plan.id) }) }
}

/** In a folder, there already or named with a slash at its end, a report has the name that it has among the lab's. */
function pathFor(plan: Plan, { path, ...place }: Destination): string {
  const own = reportPath(plan, place)
  if (path === undefined) return own
  if (path === '' || path === '-') return path
  const isFolder = path.endsWith('/') || statSync(resolve(place.cwd, path), { throwIfNoEntry: false })?.isDirectory()
  return isFolder ? join(path, basename(own)) : path
}

async function observe(store: Store, setting: PlanSetting, { cwd, path }: { cwd: string; path: string }) {
  const pass = new RequestPass(setting, countRequests(store, setting.trials))
  const csv = pass.csv(requestPages(store, setting.trials))
  const begun: Buffer[] = []
  let bytes = 0
  for (let next = csv.next(); next.done !== true; next = csv.next()) {
    begun.push(next.value)
    bytes += next.value.length
    if (bytes > mostBytesInPage) break
  }
  if (bytes <= mostBytesInPage) return pass.result(Buffer.concat(begun).toString())
  await writeBeside(joined(begun, csv), { cwd, path, name: requestsFileName(setting.plan) })
  return pass.result()
}

// Packing goes on in a thread of its own, which gets its next piece only in a turn of the event loop.
async function* joined(begun: readonly Buffer[], rest: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* begun
  for (const piece of rest) {
    yield piece
    await setImmediate()
  }
}

const packing = { level: 1, chunkSize: 262_144, highWaterMark: 4_194_304 }

async function writeBeside(
  csv: AsyncIterable<Buffer>,
  { cwd, path, name }: { cwd: string; path: string; name: string },
) {
  if (path === '-') for await (const _ of csv);
  else await writeWhole({ path: join(dirname(path), `${name}.gz`) }, csv, cwd, createGzip(packing))
}
