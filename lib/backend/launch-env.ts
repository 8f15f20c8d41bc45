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
): { env: Record<string, string>; secrets: readonly string[] } {
  const secrets = new Set<string>()
  const resolved = Object.entries(env).map(([name, value]) => [
    name,
    value.replaceAll(reference, (each) => {
      const found = secretOf(each, own, `launch.env.${name}`)
      if (found.status === 'missing') throw new EngineFailure('unauthorized', found.why)
      secrets.add(found.secret)
      return found.secret
    }),
  ])
  return { env: Object.fromEntries(resolved) as Record<string, string>, secrets: [...secrets] }
}

/** A text without what the references of a backend stand for here. */
export function withoutSecretsOf(backend: BackendConfig, text: string): string {
  const written =
    'launch' in backend ? Object.values(backend.launch.env) : 'env' in backend ? Object.values(backend.env) : []
  const keys = 'apiKey' in backend && backend.apiKey !== undefined ? [backend.apiKey] : []
  const references = [...written, ...keys].flatMap((value) => value.match(reference) ?? [])
  const secrets = references.flatMap((each) => {
    const found = secretOf(each, process.env)
    return found.status === 'ok' ? [found.secret] : []
  })
  return withoutSecrets(text, secrets)
}

/** A text without secrets. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((kept, secret) => kept.replaceAll(secret, '***'), text)
