import { listPlans } from '../store/list-plans.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { textTable } from './text-table.ts'

/** Lists the plans of a store, the latest first. */
export async function list(options: CommonOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const plans = listPlans(store)
  if (options.json) return printJson(io, { plans })
  const columns = [
    { head: 'plan' },
    { head: 'experiment' },
    { head: 'made (UTC)' },
    ...['cells', 'ok', 'failed', 'open'].map((head) => ({ head, align: 'right' as const })),
  ]
  const rows = plans.map(({ id, name, createdAtMs, cells, trials }) => {
    const open = trials.pending + trials.running + trials.interrupted
    return [id, name, utc(createdAtMs), ...[cells, trials.ok, trials.failed, open].map(String)]
  })
  io.stdout(textTable(columns, rows))
}

/** `2026-03-01 14:05`. */
const utc = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
