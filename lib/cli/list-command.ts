import { listPlans } from '../store/list-plans.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { deadPlans } from '../lab/session-state.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { textTable } from './text-table.ts'

/** Lists the plans of a store, the latest first. */
export async function list(options: CommonOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const dead = await deadPlans(store)
  const plans = listPlans(store).map((plan) => ({ ...plan, dead: dead.has(plan.id) }))
  if (options.json) return printJson(io, { plans })
  const columns = [
    { head: 'plan' },
    { head: 'experiment' },
    { head: 'made (UTC)' },
    ...['cells', 'ok', 'failed', 'open'].map((head) => ({ head, align: 'right' as const })),
    { head: 'session' },
  ]
  const rows = plans.map(({ id, name, createdAtMs, cells, trials, ...plan }) => {
    const open = trials.pending + trials.running + trials.interrupted
    const counts = [cells, trials.ok, trials.failed, open].map(String)
    return [id, name, utc(createdAtMs), ...counts, plan.dead ? 'dead' : (plan.session ?? '')]
  })
  io.stdout(textTable(columns, rows))
}

/** `2026-03-01 14:05`. */
const utc = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
