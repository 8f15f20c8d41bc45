import type { Cell, Prompt, WorkloadConfig } from '../domain/cell.ts'
import type { Plan } from '../domain/plan.ts'
import { armOf } from '../experiment/arm.ts'
import { manifestDigests } from '../store/digest.ts'
import { readLaunches } from '../store/launches.ts'
import { readManifests } from '../store/read-plan-data.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'

/** Why the rows of a plan that was taken in do not fit together, beyond what the store itself refuses; `undefined` where they do. */
export function checkReferences(store: Store, planId: string): string | undefined {
  const plan = readPlan(store, planId)
  if (plan.cells.length === 0) return 'has no cells'
  const cells = plan.cells.map((cell) => whyNoCell(cell, plan)).find((why) => why !== undefined)
  return cells ?? whyNoComparison(plan) ?? whyNoLaunches(store, plan) ?? whyNoManifests(store, planId)
}

function whyNoCell(cell: Cell, { compare }: Plan): string | undefined {
  const { arm, stratum } = armOf(cell.axes, compare?.treatment)
  if (arm !== cell.arm || stratum !== cell.stratum) return 'has a cell whose arm is not what its axes say'
  // A row that is not there has no text.
  if (textsOf(cell.config.workload).some((text: unknown) => typeof text !== 'string'))
    return 'has a cell that asks a prompt that is not there'
  return undefined
}

function textsOf(workload: WorkloadConfig): string[] {
  if (workload.kind === 'prefill-decode') return []
  const prompts: readonly Prompt[] = workload.kind === 'perplexity' ? [workload.text] : workload.prompts
  return prompts.flatMap(({ text, followUps = [] }) => [text, ...followUps])
}

function whyNoComparison({ cells, compare, skipped }: Plan): string | undefined {
  // An arm may have been left out.
  const arms = new Set([
    ...cells.map(({ arm }) => arm),
    ...skipped.map(({ axes }) => armOf(axes, compare?.treatment).arm),
  ])
  const named = compare?.pairs.flatMap(({ base, against }) => [base, against]) ?? []
  return named.every((arm) => arms.has(arm)) ? undefined : 'compares an arm that it does not have'
}

function whyNoLaunches(store: Store, { id, cells, blocks }: Plan): string | undefined {
  const places = new Set(cells.map(({ arm, stratum }) => JSON.stringify([arm, stratum])))
  const isPlanned = ({ arm, stratum, block }: { arm: string; stratum: string; block: number }) =>
    block < blocks && places.has(JSON.stringify([arm, stratum]))
  return readLaunches(store, id).every(isPlanned)
    ? undefined
    : 'has a launch of an arm or a block that it does not have'
}

function whyNoManifests(store: Store, planId: string): string | undefined {
  const wrong = Object.entries(readManifests(store, planId)).some(([digest, { manifest, setup }]) => {
    const own = manifestDigests(manifest)
    return own.digest !== digest || own.setup !== setup
  })
  return wrong ? 'has a manifest whose digest is another' : undefined
}
