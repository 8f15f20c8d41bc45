import { storeFile } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { listPlans } from '../store/list-plans.ts'
import { openStore as openFile } from '../store/open-store.ts'
import { readPlan } from '../store/read-plan.ts'
import { readView, type ViewRow } from '../store/read-view.ts'
import { rowObjects } from '../store/row-objects.ts'
import { runQuery } from '../store/run-query.ts'
import type { Store } from '../store/store.ts'
import { NotebookPlan, type RowsOf } from './notebook-plan.ts'
import { notebookPlace } from './place.ts'
import type { Axes, CellRow, EventRow, RequestRow, TrialRow } from './rows.ts'
import { told } from './told.ts'

/** What a query may answer with: bytes where a column holds them, a `bigint` for an integer beyond 2^53. */
export type SqlValue = string | number | bigint | null | Uint8Array
export type SqlRow = { readonly [column: string]: SqlValue }

/** A plan in a few words. */
export type PlanSummary = {
  readonly plan: string
  readonly experiment: string
  readonly title: string
  readonly file: string
  /** When it was frozen, as ISO 8601 in UTC. */
  readonly made: string
  readonly cells: number
  readonly skipped: number
  readonly ok: number
  readonly failed: number
  /** Trials that are still to be measured. */
  readonly open: number
}

/** A store to read from. It is opened for each question and closed again, so it never stands in the way of a run. */
export class NotebookStore {
  /** Where it is. */
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  /** Every plan, the latest first. */
  plans(): PlanSummary[] {
    return this.#read((store) => listPlans(store).map(summaryOf))
  }

  /** The plan that is meant: `latest`, its id or the start of one, or an experiment file, of which it is the last plan. */
  plan(named = 'latest'): NotebookPlan {
    return this.#read((store) => new NotebookPlan(this, readPlan(store, planNamed(store, named, notebookPlace()))))
  }

  /** Cells of a plan, or of all plans: means over launches. */
  cells(of: RowsOf = {}): CellRow[] {
    return this.#view('v_cell', of) as CellRow[]
  }

  /** Trials of a plan, or of all plans. */
  trials(of: RowsOf = {}): TrialRow[] {
    return this.#view('v_trial', of) as TrialRow[]
  }

  /** Requests of a plan or of a trial, warm-up too: `phase` tells. */
  requests(of: RowsOf = {}): RequestRow[] {
    return this.#view('v_request', of) as RequestRow[]
  }

  /** Content events: many, so name a plan and a trial. */
  events(of: RowsOf): EventRow[] {
    return this.#view('v_event', of) as EventRow[]
  }

  /** Answers any query that reads; data/store.md describes the tables and views. */
  sql<Row = SqlRow>(query: string): Row[] {
    return this.#read((store) => rowObjects(runQuery(store, query)) as Row[])
  }

  #view(view: Parameters<typeof readView>[1], of: RowsOf) {
    return this.#read((store) => readView(store, view, of).map(withAxes))
  }

  #read<T>(work: (store: Store) => T): T {
    return told(() => {
      using store = openFile({ file: this.file, mode: 'read' })
      return work(store)
    })
  }
}

/**
 * Opens a store: the lab's, or the one in `file`. Says so where there is none.
 *
 * @example
 * const plan = openStore().plan('experiments/quickstart.yaml')
 */
export function openStore(file?: string): NotebookStore {
  const store = new NotebookStore(storeFile({ ...(file !== undefined && { store: file }) }, notebookPlace()))
  store.plans()
  return store
}

/** The axes as values; `metrics` of v_trial is left out, as its columns say the same. */
function withAxes(row: ViewRow): unknown {
  const columns = Object.entries(row).filter(([name]) => name !== 'metrics')
  return { ...Object.fromEntries(columns), axes: JSON.parse(String(row['axes'])) as Axes }
}

function summaryOf(plan: ReturnType<typeof listPlans>[number]): PlanSummary {
  const { id, name, title, file, createdAtMs, cells, skipped, trials } = plan
  return {
    plan: id,
    experiment: name,
    title,
    file,
    made: new Date(createdAtMs).toISOString(),
    cells,
    skipped,
    ok: trials.ok,
    failed: trials.failed,
    open: trials.pending + trials.running + trials.interrupted,
  }
}
