import { artifactName, type RemoteSource } from '../domain/artifact-name.ts'

/** Why an artifact cannot be used that was not fetched yet; `offline`: where it may not be fetched now either. */
export function notHere(source: RemoteSource, when: 'online' | 'offline' = 'online'): string {
  const name = artifactName(source)
  return when === 'online'
    ? `${name} is not here: fetch it with benchbook models pull ${name}`
    : `${name} is not here, and nothing may be fetched (--offline, HF_HUB_OFFLINE): fetch it with benchbook models pull ${name} where there is a network`
}
