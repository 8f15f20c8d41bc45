import type { Plan } from '../domain/plan.ts'
import { type Costs, costsOfCells } from '../store/read-costs.ts'
import type { Store } from '../store/store.ts'
import { estimateLeft, type TimeLeft } from './estimate-left.ts'
import { loadTimeMs } from './load-time.ts'

const nothing: Costs = { trialMs: new Map(), launchMs: new Map() }

/**
 * How long all of a plan may take, by what its cells took in earlier plans, else by how long their load sends. `undefined`
 * where neither is known of any of them.
 */
export function estimatePlan({ cells, launches }: Plan, store: Store | undefined): TimeLeft | undefined {
  const ids = cells.map(({ id }) => id)
  const { trialMs, launchMs } = store === undefined ? nothing : costsOfCells(store, ids)
  const durations = cells.flatMap(({ id, config }) => {
    const ms = loadTimeMs(config.load)
    return ms === undefined ? [] : [[id, ms] as const]
  })
  const earlier = { trialMs: new Map([...durations, ...trialMs]), launchMs }
  const workloads = new Map(cells.map(({ id, config }) => [id, config.workload.name] as const))
  const work = { cellIds: launches.flatMap(({ cellIds }) => cellIds), arms: launches.map(({ arm }) => arm) }
  const time = estimateLeft(work, { own: nothing, earlier, workloads })
  return time && durations.length > 0 && trialMs.size === 0 ? { ...time, basis: 'by the duration of the load' } : time
}
