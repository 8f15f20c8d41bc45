import type { Plan } from '../domain/plan.ts'
import { shownText } from '../report/shown-text.ts'

export type NewNotebook = {
  plan: Pick<Plan, 'id' | 'experiment'>
  /** From where the notebook imports. */
  library: string
  /** Where the store is, as seen from the lab; `undefined` is the lab's own. */
  store?: string
}

type CellSource = { kind: 'markdown' | 'code'; id: string; source: string }

/** A notebook (nbformat 4.5, as text) that explores one plan and runs as it stands. The same plan gives the same bytes. */
export function newNotebook({ plan, library, store }: NewNotebook): string {
  const { id, experiment } = plan
  const question = experiment.question === undefined ? '' : `\n\n${markdownText(experiment.question)}`
  return notebookText([
    markdown(
      'title',
      `# ${markdownText(experiment.title)}${question}\n\nPlan \`${id}\` of ${markdownText(experiment.file)}.`,
    ),
    code('open', opening(library, id, store)),
    markdown('matrix-head', '## The matrix\n\nOne row for each cell: means over its launches.'),
    code('matrix', 'table(plan.cells())'),
    markdown('charts-head', "## The report's charts"),
    code('charts', 'await chart.all(plan)'),
    markdown(
      'requests-head',
      '## Requests\n\nEvery request as a row; `plan.events(trialId)` has each token of a trial.',
    ),
    code('requests', requests),
    code('scatter', scatter),
    markdown('report-head', '## The report\n\nOne file that works offline: to send, or to keep.'),
    code('report', 'await report(plan)'),
  ])
}

const opening = (
  library: string,
  id: string,
  store?: string,
) => `import { chart, openStore, report, table, vegaLite } from ${literal(library)}

const plan = openStore(${store === undefined ? '' : literal(store)}).plan(${literal(id)})`

const requests = `const measured = plan.requests().filter(({ phase }) => phase === 'measured')
table(measured, { rows: 10 })`

const scatter = `await vegaLite({
  data: {
    values: measured.map((request) => ({
      cell: Object.values(request.axes).join(' · '),
      request: request.ordinal,
      ms: request.e2e_ms,
    })),
  },
  mark: { type: 'point', tooltip: true },
  encoding: {
    x: { field: 'request', type: 'quantitative', title: 'request of its trial' },
    y: { field: 'ms', type: 'quantitative', title: 'E2E, ms' },
    color: { field: 'cell', type: 'nominal', title: null, legend: { orient: 'bottom', columns: 1, labelLimit: 600 } },
  },
  width: 500,
  height: 250,
})`

const markdown = (id: string, source: string): CellSource => ({ kind: 'markdown', id, source })
const code = (id: string, source: string): CellSource => ({ kind: 'code', id, source })
const literal = (text: string) => `'${text.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}'`

/** Text that Markdown shows as it is, in one line. */
function markdownText(text: string): string {
  return shownText(text.replaceAll(/\s+/g, ' ')).replaceAll(/[\\`*_{}[\]<>()#+\-!|~&$@:]/g, String.raw`\$&`)
}

function notebookText(cells: readonly CellSource[]): string {
  const metadata = {
    kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
    language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
  }
  const written = cells.map(({ kind, id, source }) => ({
    cell_type: kind,
    ...(kind === 'code' && { execution_count: null }),
    id,
    metadata: {},
    ...(kind === 'code' && { outputs: [] }),
    source: source.split(/(?<=\n)/),
  }))
  return `${JSON.stringify({ cells: written, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`
}
