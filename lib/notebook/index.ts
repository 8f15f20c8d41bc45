/**
 * What a notebook imports: `'../dist/notebook/index.js'` in this repository, `'benchbook/notebook'` in a lab. A tslab kernel
 * requires it, so nothing in its static imports may have a top-level await, as vega has: what needs vega is imported when it is
 * used. Its types are read by tslab's TypeScript 5.0: every type of a signature is exported here, none comes from a package.
 */
export { chart, chartSpecs, type ShowCharts } from './chart.ts'
export { display, type MimeBundle, type Shown } from './kernel.ts'
export { NotebookPlan, type RowsOf, type RowSource } from './notebook-plan.ts'
export { NotebookStore, openStore, type PlanSummary, type SqlRow, type SqlValue } from './notebook-store.ts'
export type { RunProgress } from './progress-display.ts'
export { report } from './report.ts'
export type * from './rows.ts'
export { type FileChoice, type NotebookRun, type ResumeChoice, resume, run, type RunChoice } from './run.ts'
export { table, type TableOptions } from './table.ts'
export { NotebookError } from './told.ts'
export { vegaLite, type VegaLiteSpec } from './vega-lite.ts'
