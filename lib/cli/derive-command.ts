import { openLabStore } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { deriveAgain, type Rederived } from '../run/derive-again.ts'
import { listPlans } from '../store/list-plans.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { count } from './plan-command.ts'

/** Derives the metrics of a plan, or of all, again from what was observed, and tells what has changed. */
export async function derive(named: string | undefined, options: CommonOptions, io: Io): Promise<void> {
  openLabStore(options, io, 'read')[Symbol.dispose]() // where there is none, none is made
  using store = openLabStore(options, io, 'write')
  const ids = named === undefined ? listPlans(store).map(({ id }) => id) : [planNamed(store, named, io)]
  const plans = ids.map((id) => {
    const found = { plan: id, ...deriveAgain(store, id) }
    if (!options.json) io.stdout(`${line(found)}\n`)
    return found
  })
  if (options.json) printJson(io, { plans })
}

function line({ plan, ...found }: Rederived & { plan: string }): string {
  const { trials, requests, changedTrials, changedRequests, changedMetrics, before, after } = found
  const versions = Object.keys(before)
  const of = versions.length === 0 ? '' : `, definitions ${versions.join(' and ')} -> ${after}`
  const head = `${plan}: ${count(trials, 'trial')}, ${count(requests, 'request')}${of}`
  if (changedTrials + changedRequests === 0) return `${head}; nothing has changed`
  const metrics = Object.entries(changedMetrics).map(([metric, n]) => `${metric} ${n}`)
  return `${head}; changed: ${count(changedTrials, 'trial')}, ${count(changedRequests, 'request')} (${metrics.join(', ')})`
}
