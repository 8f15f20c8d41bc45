import { attachedUrl, type BackendConfig } from '../domain/backend-config.ts'
import type { CellConfig } from '../domain/cell.ts'
import { secretOf } from '../domain/secret-reference.ts'
import { UserError } from '../domain/user-error.ts'
import type { Place } from './lab.ts'

type Cells = readonly { config: Pick<CellConfig, 'backend'> }[]

/** In words, which keys of servers are not there: a sentence for each. */
export function missingKeys(cells: Cells, { env }: Pick<Place, 'env'>): string[] {
  const references = cells.flatMap(({ config: { backend } }) => referencesOf(backend))
  const why = references.flatMap(({ reference, at }) => {
    const found = secretOf(reference, env, at)
    return found.status === 'missing' ? found.why : []
  })
  return [...new Set(why)]
}

/** What a backend refers to, and where: its key, and the environment of an engine that is started. */
function referencesOf(backend: BackendConfig): { reference: string; at: string }[] {
  const launched = 'launch' in backend && attachedUrl(backend) === undefined ? backend.launch.env : {}
  const env = 'env' in backend ? backend.env : launched
  const under = 'env' in backend ? 'backend.env' : 'launch.env'
  const inEnv = Object.entries(env).flatMap(([name, value]) =>
    (value.match(/\$\{env:[A-Za-z_]\w*\}/g) ?? []).map((reference) => ({ reference, at: `${under}.${name}` })),
  )
  const key = 'apiKey' in backend ? backend.apiKey : undefined
  return [...(key === undefined ? [] : [{ reference: key, at: 'backend.apiKey' }]), ...inEnv]
}

/** Throws a `UserError` where a server's key is not there: before anything is started, and not once for each launch. */
export function requireKeys(cells: Cells, place: Pick<Place, 'env'>): void {
  const missing = missingKeys(cells, place)
  if (missing.length > 0) throw new UserError(missing.join('\n'))
}
