import type { Manifest } from '../domain/manifest.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import { isValidFor } from '../domain/spoils.ts'
import type { ShownCell } from './comparison.ts'
import { type CellValue, type Evidence, meanOfTrials } from './evidence.ts'
import { setupOf } from './setup.ts'

const mostSessions = 12

export type Setup = { key: string; letter: string; manifest: Manifest | undefined }
/** A cell in one session of a plan. */
export type Point = { cell: ShownCell; planId: string; startedAtMs: number; value: CellValue; setup: Setup }
/** Those of the last sessions; how many sessions there are, and how many of them are left out. */
export function pointsOf(
  evidence: Evidence,
  metric: Metric,
  cells: readonly ShownCell[],
): { points: Point[]; sessions: number; unshown: number } {
  const { plan, sessions, history = [] } = evidence.data
  const startedAtMs = sessions[0]?.startedAtMs ?? plan.createdAtMs
  const found = cells.flatMap((cell) => {
    const earlier = history.filter(({ cellId }) => cellId === cell.cell.id)
    const trials = evidence.trialsOf(cell.cell.id)
    const own = { planId: plan.id, startedAtMs, trials, manifest: manifestOf(evidence, cell) }
    return [...earlier, own].flatMap(({ trials: of, manifest, ...session }) => {
      const value = meanOfTrials(
        of,
        metrics[metric].mean,
        (trial) => trial.metrics[metric]?.value,
        (trial) => isValidFor(trial, metric),
      )
      return value === undefined
        ? []
        : [{ cell, planId: session.planId, startedAtMs: session.startedAtMs, value, manifest }]
    })
  })
  const order = found.toSorted((a, b) => a.startedAtMs - b.startedAtMs)
  const plans = [...new Set(order.map(({ planId }) => planId))]
  const last = new Set(plans.slice(-mostSessions))
  const keys = [...new Set(order.map(({ manifest }) => setupOf(manifest)))]
  const isChanged = changedCells(order)
  const points = order
    .filter(({ planId }) => last.has(planId))
    .map(({ manifest, ...point }) => {
      const key = setupOf(manifest)
      const letter = isChanged.has(point.cell) ? letterOf(keys.indexOf(key)) : ''
      return { ...point, setup: { key, letter, manifest } }
    })
  return { points, sessions: plans.length, unshown: plans.length - last.size }
}

/** The cells that were measured under several setups: arms may differ in theirs, which is no change. */
function changedCells(points: readonly { cell: ShownCell; manifest: Manifest | undefined }[]): ReadonlySet<ShownCell> {
  const byCell = Map.groupBy(points, ({ cell }) => cell)
  const several = [...byCell].filter(([, of]) => new Set(of.map(({ manifest }) => setupOf(manifest))).size > 1)
  return new Set(several.map(([cell]) => cell))
}

function manifestOf(evidence: Evidence, cell: ShownCell): Manifest | undefined {
  const [trial] = evidence.trialsOf(cell.cell.id)
  const digest = trial && evidence.launchOf(trial)?.manifestDigest
  return digest === undefined ? undefined : evidence.data.manifests[digest]?.manifest
}

/** A, B, … Z, A1, … */
function letterOf(index: number): string {
  return `${String.fromCharCode(65 + (index % 26))}${index < 26 ? '' : Math.floor(index / 26)}`
}
