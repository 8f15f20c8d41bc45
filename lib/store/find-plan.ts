import { UserError } from '../domain/user-error.ts'
import type { Store } from './store.ts'

const shownCandidates = 10
type Candidate = { id: string; name: string; createdAtMs: number }

/**
 * The id of the plan that a user named: `latest`, an id, or the start of one. Throws a `UserError` where there is none or
 * where several start so.
 */
export function findPlan(store: Store, named: string): string {
  const [first, ...others] = store.read(() => candidates(store, named))
  if (first === undefined) throw noPlan(store, named)
  if (others.length > 0 && named !== 'latest') throw ambiguous(store, named, [first, ...others])
  return first.id
}

function candidates(store: Store, named: string): Candidate[] {
  return store
    .sql<Candidate>(
      `SELECT p.id, e.name, p.created_at_ms AS createdAtMs
       FROM plan p JOIN experiment e ON e.id = p.experiment
       WHERE @named = 'latest' OR (@named <> '' AND substr(p.id, 1, length(@named)) = @named)
       ORDER BY p.created_at_ms DESC, p.rowid DESC`,
    )
    .all({ named })
}

function noPlan(store: Store, named: string): UserError {
  const plans = store.read(() => store.sql<{ n: number }>('SELECT count(*) AS n FROM plan').get()?.n ?? 0)
  const remedy = plans === 0 ? 'it has none yet: run an experiment first' : '`benchbook list` shows those it has'
  return new UserError(`no plan ${JSON.stringify(named)} in ${store.file}; ${remedy}`)
}

function ambiguous(store: Store, named: string, found: readonly Candidate[]): UserError {
  const lines = found
    .slice(0, shownCandidates)
    .map(({ id, name, createdAtMs }) => `  ${id}  ${name}, ${new Date(createdAtMs).toISOString()}`)
  const more = found.length > shownCandidates ? [`  and ${found.length - shownCandidates} more`] : []
  const head = `${found.length} plans in ${store.file} start with ${JSON.stringify(named)}; give more of the id:`
  return new UserError([head, ...lines, ...more].join('\n'))
}
