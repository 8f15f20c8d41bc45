import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeWhole } from '../lab/write-whole.ts'
import { openStore } from '../store/open-store.ts'
import { escapeHtml } from './escape-html.ts'
import { display } from './kernel.ts'
import type { NotebookPlan } from './notebook-plan.ts'
import { notebookPlace } from './place.ts'
import { toldLater } from './told.ts'

/** Writes the plan's report, into `reports/out/` or to `file` as seen from the lab, and shows a link to it. */
export function report({ store, id }: NotebookPlan, file?: string): Promise<void> {
  return toldLater(async () => {
    const { buildReport } = await import('../lab/build-report.ts')
    const place = notebookPlace()
    using open = openStore({ file: store.file, mode: 'read' })
    const built = await buildReport(open, id, { ...place, template: 'page' })
    const path = file ?? built.path
    await writeWhole({ path, remedy: 'name another place' }, [built.text], place.cwd)
    display(linkTo(resolve(place.cwd, path), path))
  })
}

/** Relative, as a browser finds it beside the notebook, also through Jupyter's server. */
function linkTo(path: string, shown: string) {
  const from = pathToFileURL(`${process.cwd()}/`).pathname
  const href = relative(from, pathToFileURL(path).pathname)
  return {
    'text/html': `<a href="${escapeHtml(href)}" target="_blank">${escapeHtml(shown)}</a>`,
    'text/plain': shown,
  }
}
