import type { CellConfig } from '../domain/cell.ts'
import { secretOf } from '../domain/secret-reference.ts'
import { UserError } from '../domain/user-error.ts'
import type { Place } from './lab.ts'

type Cells = readonly { config: Pick<CellConfig, 'backend'> }[]

/** In words, which keys of servers are not there: a sentence for each. */
export function missingKeys(cells: Cells, { env }: Pick<Place, 'env'>): string[] {
  const references = cells.flatMap(({ config: { backend } }) => ('apiKey' in backend ? (backend.apiKey ?? []) : []))
  return [...new Set(references)].flatMap((reference) => {
    const found = secretOf(reference, env)
    return found.status === 'missing' ? found.why : []
  })
}

/** Throws a `UserError` where a server's key is not there: before anything is started, and not once for each launch. */
export function requireKeys(cells: Cells, place: Pick<Place, 'env'>): void {
  const missing = missingKeys(cells, place)
  if (missing.length > 0) throw new UserError(missing.join('\n'))
}
