import type { Plan } from '../domain/plan.ts'
import type { CellRow, EventRow, RequestRow, TrialRow } from './rows.ts'

/** Which rows: those of a plan, of a trial; with `roles` those of twins and sentinels as well. */
export type RowsOf = { planId?: string; trialId?: number; roles?: boolean }

/** Where a plan's rows come from. */
export type RowSource = {
  /** The store's file. */
  readonly file: string
  cells(of: RowsOf): CellRow[]
  trials(of: RowsOf): TrialRow[]
  requests(of: RowsOf): RequestRow[]
  events(of: RowsOf): EventRow[]
}

/** A plan in a store: what was asked, and the rows that answer. */
export class NotebookPlan {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly question: string | undefined
  /** The experiment file, as seen from the lab. */
  readonly file: string
  /** The experiment file's text when the plan was made. */
  readonly text: string
  /** The command that makes a plan of the same cells. */
  readonly command: string
  readonly store: RowSource

  constructor(store: RowSource, { id, experiment, command }: Pick<Plan, 'id' | 'experiment' | 'command'>) {
    this.store = store
    this.id = id
    this.name = experiment.name
    this.title = experiment.title
    this.question = experiment.question
    this.file = experiment.file
    this.text = experiment.text
    this.command = command
  }

  /** The matrix: one row for each cell, means over its launches. */
  cells(): CellRow[] {
    return this.store.cells({ planId: this.id })
  }

  /** One row for each time that a cell was measured. */
  trials(): TrialRow[] {
    return this.store.trials({ planId: this.id })
  }

  /** One row for each request, warm-up too: `phase` tells. */
  requests(): RequestRow[] {
    return this.store.requests({ planId: this.id })
  }

  /** Content events (tokens as they came), of one trial or, which may be very many, of all. */
  events(trialId?: number): EventRow[] {
    return this.store.events({ planId: this.id, ...(trialId !== undefined && { trialId }) })
  }
}
