import type { BaseArtifact, Cell } from '../domain/cell.ts'
import type { Guards } from '../domain/guard.ts'
import type { Compare, KneeSearch, LaunchRole, Objectives, Plan, PlannedLaunch } from '../domain/plan.ts'
import { present } from './columns.ts'
import { configReader } from './prompt-texts.ts'
import type { Store } from './store.ts'

/** A plan as it was frozen. `planId` is that of a plan in the store (`findPlan`). */
export function readPlan(store: Store, planId: string): Plan {
  return store.read(() => {
    const row = readHead(store, planId)
    const { id, createdAtMs, seed, blocks, command, skipped, compare, guards, ...others } = row
    const { objectives, probes, keepStreams, ...experiment } = others
    return {
      id,
      experiment: present(experiment),
      createdAtMs,
      seed,
      blocks,
      cells: readCells(store, planId),
      skipped: JSON.parse(skipped) as Plan['skipped'],
      launches: readPlannedLaunches(store, planId),
      ...(guards !== null && { guards: JSON.parse(guards) as Guards }),
      ...(compare !== null && { compare: toCompare(compare) }),
      ...(objectives !== null && { objectives: JSON.parse(objectives) as Objectives }),
      ...(probes !== null && { probes: JSON.parse(probes) as KneeSearch[] }),
      ...(keepStreams !== null && { keepStreams: true as const }),
      command,
    }
  })
}

/** Of a plan from before pairs and margins were declared, only the treatment is there. */
const toCompare = (json: string): Compare =>
  ({ pairs: [], margins: [], ...(JSON.parse(json) as Partial<Compare>) }) as Compare

type Head = Pick<Plan, 'id' | 'createdAtMs' | 'seed' | 'blocks' | 'command'> & {
  skipped: string
  compare: string | null
  guards: string | null
  objectives: string | null
  probes: string | null
  keepStreams: number | null
  name: string
  title: string
  question: string | null
  file: string
  text: string
  digest: string
}

function readHead(store: Store, planId: string): Head {
  const row = store
    .sql<Head>(
      `SELECT p.id, p.created_at_ms AS createdAtMs, p.seed, p.blocks, p.command, p.skipped, p.compare, p.guards,
         p.objectives, p.probes, p.keep_streams AS keepStreams,
         e.name, e.title, e.question, e.file, e.text, e.digest
       FROM plan p JOIN experiment e ON e.id = p.experiment WHERE p.id = ?`,
    )
    .get(planId)
  if (row === undefined) throw new Error(`no plan ${planId} in the store`)
  return row
}

type CellColumns = Record<'id' | 'axes' | 'arm' | 'stratum' | 'config' | 'limits' | 'artifact', string> & {
  base: string | null
}

function readCells(store: Store, planId: string): Cell[] {
  const config = configReader(store)
  return store
    .sql<CellColumns>(
      `SELECT cell_id AS id, axes, arm, stratum, config, limits, artifact_identity AS artifact, base
       FROM cell WHERE plan = ? ORDER BY cell.id`,
    )
    .all(planId)
    .map((row) => ({
      id: row.id,
      axes: JSON.parse(row.axes) as Cell['axes'],
      arm: row.arm,
      stratum: row.stratum,
      config: config(row.config),
      artifact: JSON.parse(row.artifact) as Cell['artifact'],
      ...(row.base !== null && { base: JSON.parse(row.base) as BaseArtifact }),
      limits: JSON.parse(row.limits) as Cell['limits'],
    }))
}

type PlannedTrial = Omit<PlannedLaunch, 'cellIds' | 'role'> & {
  role: LaunchRole | null
  launch: number
  cellId: string | null
}

// Launches that continue others were not planned; those that were keep their trials whatever becomes of them.
function readPlannedLaunches(store: Store, planId: string): PlannedLaunch[] {
  const rows = store
    .sql<PlannedTrial>(
      `SELECT l.id AS launch, l.block, l.arm, l.stratum, l.device, l.role, c.cell_id AS cellId
       FROM launch l LEFT JOIN trial t ON t.launch = l.id LEFT JOIN cell c ON c.id = t.cell
       WHERE l.plan = ? AND l.continues IS NULL ORDER BY l.ordinal, t.id`,
    )
    .all(planId)
  return [...Map.groupBy(rows, (row) => row.launch).values()].map((trials) => {
    const { block, arm, stratum, device, role } = trials[0] as PlannedTrial
    const cellIds = trials.map((trial) => trial.cellId).filter((cellId) => cellId !== null)
    return { block, arm, stratum, device, cellIds, ...(role !== null && { role }) }
  })
}
