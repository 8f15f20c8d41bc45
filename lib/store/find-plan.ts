import { nearest } from '../domain/nearest.ts'
import { UserError } from '../domain/user-error.ts'
import type { Store } from './store.ts'

const shownCandidates = 10
/** Of a shorter start of an id everything is near. */
const fewestToGuess = 4
type Candidate = { id: string; name: string; createdAtMs: number }

/**
 * The id of the plan that a user named: `latest` (the last that was kept, whatever the clock said), an id, or the start of one. Throws a `UserError` where there is none or
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
       ORDER BY p.rowid DESC`,
    )
    .all({ named })
}

function noPlan(store: Store, named: string): UserError {
  const ids = store.read(() => store.sql<{ id: string }>('SELECT id FROM plan').all()).map(({ id }) => id)
  const starts = new Map(['latest', ...ids].map((id) => [id.slice(0, named.length), id]))
  const meant = named.length < fewestToGuess ? undefined : starts.get(nearest(named, [...starts.keys()]) ?? '')
  const list = meant === undefined ? '`benchbook list` shows those it has' : `did you mean ${meant}?`
  return new UserError(
    `no plan ${JSON.stringify(named)} in ${store.file}; ${ids.length === 0 ? 'it has none yet: run an experiment first' : list}`,
  )
}

function ambiguous(store: Store, named: string, found: readonly Candidate[]): UserError {
  const lines = found
    .slice(0, shownCandidates)
    .map(({ id, name, createdAtMs }) => `  ${id}  ${name}, ${new Date(createdAtMs).toISOString()}`)
  const more = found.length > shownCandidates ? [`  and ${found.length - shownCandidates} more`] : []
  const head = `${found.length} plans in ${store.file} start with ${JSON.stringify(named)}; give more of the id:`
  return new UserError([head, ...lines, ...more].join('\n'))
}
