import type { ArtifactIdentity, Cell } from '../domain/cell.ts'
import type { Plan, PlannedLaunch } from '../domain/plan.ts'
import { jsonOrNull, orNull } from './columns.ts'
import { configWriter } from './prompt-texts.ts'
import type { Store } from './store.ts'

/** Freezes a plan in the store, with a pending launch for each planned one and a pending trial for each of its cells. */
export function insertPlan(store: Store, plan: Plan): void {
  store.write(() => {
    const experiment = insertExperiment(store, plan.experiment)
    store
      .sql(
        `INSERT INTO plan (id, experiment, created_at_ms, seed, blocks, command, skipped, compare, guards,
           objectives, probes, keep_streams)
         VALUES (@id, @experiment, @createdAtMs, @seed, @blocks, @command, @skipped, @compare, @guards,
           @objectives, @probes, @keepStreams)`,
      )
      .run({
        ...headOf(plan),
        experiment,
        skipped: JSON.stringify(plan.skipped),
        compare: jsonOrNull(plan.compare),
        guards: jsonOrNull(plan.guards),
        objectives: jsonOrNull(plan.objectives),
        probes: jsonOrNull(plan.probes),
        keepStreams: plan.keepStreams === true ? 1 : null,
      })
    const cells = insertCells(store, plan)
    for (const [ordinal, launch] of plan.launches.entries()) {
      const id = insertLaunch(store, { plan: plan.id, ordinal, launch })
      for (const cellId of launch.cellIds) insertTrial(store, id, cells.get(cellId) as number)
    }
  })
}

function headOf({ id, createdAtMs, seed, blocks, command }: Plan) {
  return { id, createdAtMs, seed, blocks, command }
}

function insertExperiment(store: Store, experiment: Plan['experiment']): number {
  const { digest, name, title, file, text } = experiment
  const values = [digest, name, title, orNull(experiment.question), file, text]
  const known = store
    .sql<{ id: number }>(
      `SELECT id FROM experiment
       WHERE digest = ? AND name = ? AND title = ? AND question IS ? AND file = ? AND text = ?`,
    )
    .get(values)
  if (known !== undefined) return known.id
  const inserted = store
    .sql('INSERT INTO experiment (digest, name, title, question, file, text) VALUES (?, ?, ?, ?, ?, ?)')
    .run(values)
  return Number(inserted.lastInsertRowid)
}

/** The row of each cell's id. */
function insertCells(store: Store, plan: Plan): Map<string, number> {
  const configJson = configWriter(store)
  const artifacts = new Set<string>()
  const rows = new Map<string, number>()
  for (const cell of plan.cells) {
    if (!artifacts.has(cell.artifact.digest)) insertArtifact(store, cell.artifact)
    artifacts.add(cell.artifact.digest)
    if (cell.base && !artifacts.has(cell.base.artifact.digest)) insertArtifact(store, cell.base.artifact)
    rows.set(cell.id, insertCell(store, plan.id, { cell, config: configJson(cell.config) }))
  }
  return rows
}

function insertArtifact(store: Store, { digest, path, bytes, description }: ArtifactIdentity): void {
  store
    .sql('INSERT INTO artifact (digest, path, bytes, description) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
    .run(digest, path, orNull(bytes), jsonOrNull(description))
}

function insertCell(store: Store, plan: string, { cell, config }: { cell: Cell; config: string }): number {
  const { id, axes, arm, stratum, limits, artifact, base } = cell
  const inserted = store
    .sql(
      `INSERT INTO cell (plan, cell_id, axes, arm, stratum, config, limits, artifact, artifact_identity, base)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      plan,
      id,
      JSON.stringify(axes),
      arm,
      stratum,
      config,
      JSON.stringify(limits),
      artifact.digest,
      JSON.stringify(artifact),
      jsonOrNull(base),
    )
  return Number(inserted.lastInsertRowid)
}

function insertLaunch(store: Store, row: { plan: string; ordinal: number; launch: PlannedLaunch }): number {
  const { block, arm, stratum, device, role } = row.launch
  const inserted = store
    .sql('INSERT INTO launch (plan, ordinal, block, arm, stratum, device, role) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(row.plan, row.ordinal, block, arm, stratum, device, orNull(role))
  return Number(inserted.lastInsertRowid)
}

/** A pending trial of the cell in that row. */
export function insertTrial(store: Store, launch: number, cell: number): void {
  store.sql('INSERT INTO trial (launch, cell) VALUES (?, ?)').run(launch, cell)
}
