import { EngineFailure } from '../domain/backend.ts'
import type { BackendConfig } from '../domain/backend-config.ts'
import { secretOf } from '../domain/secret-reference.ts'

const reference = /\$\{env:[A-Za-z_]\w*\}/g

/**
 * The environment of a launch with what its references stand for, and these secrets, which nothing that is kept may have. Throws an
 * `EngineFailure` (`unauthorized`) that names the variable that is missing.
 */
export function launchEnv(
  env: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string | undefined>>,
  at = 'launch.env',
): { env: Record<string, string>; secrets: readonly string[] } {
  const secrets = new Set<string>()
  const resolved = Object.entries(env).map(([name, value]) => [
    name,
    value.replaceAll(reference, (each) => {
      const found = secretOf(each, own, `${at}.${name}`)
      if (found.status === 'missing') throw new EngineFailure('unauthorized', found.why)
      secrets.add(found.secret)
      return found.secret
    }),
  ])
  return { env: Object.fromEntries(resolved) as Record<string, string>, secrets: [...secrets] }
}

/** A text without what the references of a backend stand for here. */
export const withoutSecretsOf = (backend: BackendConfig, text: string): string =>
  withoutSecrets(text, secretsOf(backend))

/** What the references of a backend stand for here. */
export function secretsOf(backend: BackendConfig): string[] {
  const written =
    'launch' in backend ? Object.values(backend.launch.env) : 'env' in backend ? Object.values(backend.env) : []
  const keys = 'apiKey' in backend && backend.apiKey !== undefined ? [backend.apiKey] : []
  const references = [...written, ...keys].flatMap((value) => value.match(reference) ?? [])
  return references.flatMap((each) => {
    const found = secretOf(each, process.env)
    return found.status === 'ok' ? [found.secret] : []
  })
}

/** A text without secrets: the longest first, as one may be the beginning of another. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.toSorted((a, b) => b.length - a.length).reduce((kept, secret) => kept.replaceAll(secret, '***'), text)
