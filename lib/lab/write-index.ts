import { readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { type IndexedReport, renderIndex, type UnreportedPlan } from '../report/render-index.ts'
import { summaryIn, summaryWithin } from '../report/summary.ts'
import { loadTemplates } from '../report/template-files.ts'
import { listPlans, type PlanSummary } from '../store/list-plans.ts'
import type { Store } from '../store/store.ts'
import { findLab, type Place } from './lab.ts'
import { startOfFile } from './start-of-file.ts'
import { writeWhole } from './write-whole.ts'

const name = 'index.html'

/** Whether the report at `path`, relative to the current folder, is one that the index lists. */
export function isIndexed(path: string, { cwd }: Place): boolean {
  return dirname(resolve(cwd, path)) === join(findLab(cwd).root, 'reports', 'out')
}

type IndexPlace = Place & { language?: string }

/**
 * Writes the index of the lab's reports beside them: what stands in `reports/out`, and the plans of `store` that have no
 * report there. It speaks `language`, else the one that all of them
 * speak, else English. Returns where it is, relative to the current folder. Throws a `UserError` where it cannot be written.
 */
export async function writeIndex(store: Store, { cwd, language }: IndexPlace): Promise<string> {
  const lab = findLab(cwd)
  const folder = join(lab.root, 'reports', 'out')
  const reports = await reportsIn(folder)
  const known = new Set(reports.map(({ summary }) => summary?.plan))
  const plans = listPlans(store)
    .filter(({ id }) => !known.has(id))
    .map(unreported)
  const template = await loadTemplates(lab.root, language ?? sharedLanguage(reports))
  const html = await renderIndex({ reports, plans }, { template })
  const path = relative(cwd, join(folder, name))
  await writeWhole({ path, remedy: 'the reports themselves are written; make the folder writable' }, [html], cwd)
  return path
}

function sharedLanguage(reports: readonly IndexedReport[]): string | undefined {
  const languages = new Set(reports.flatMap(({ summary }) => summary?.language.code ?? []))
  return languages.size === 1 ? [...languages][0] : undefined
}

async function reportsIn(folder: string): Promise<IndexedReport[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html') && entry.name !== name)
    .map((entry) => entry.name)
    .toSorted()
  return Promise.all(
    files.map(async (file) => ({ file, summary: summaryIn(await startOfFile(join(folder, file), summaryWithin)) })),
  )
}

function unreported({ id, name: experiment, title, createdAtMs, cells, trials }: PlanSummary): UnreportedPlan {
  const ended = trials.ok + trials.failed
  const all = ended + trials.pending + trials.running + trials.interrupted
  return { id, title: title === '' ? experiment : title, createdAtMs, cells, trials: all, ended }
}
