import { resolve } from 'node:path'
import type { ArtifactSource } from '../domain/cell.ts'
import { askRevision } from '../hub/ask-revision.ts'
import { type HubSettings, hubSettings } from '../hub/hub-settings.ts'
import { findLab, type Place } from './lab.ts'

/** A place where nothing is asked of a hub, where that is what is wanted. */
export const offlinePlace = <P extends Place>(place: P, { offline }: { offline?: true | undefined }): P =>
  offline ? { ...place, env: { ...place.env, HF_HUB_OFFLINE: '1' } } : place

/** The hub cache that a lab's settings name, absolute. */
export function labHubCache({ settings, cwd }: Place): string | undefined {
  if (settings?.status !== 'ok' || settings.value.hubCache === undefined) return undefined
  return resolve(findLab(cwd).root, settings.value.hubCache)
}

/** How the hub is reached from a place. Throws a `UserError` for an environment that cannot be. */
export const hubOf = (place: Place): HubSettings => hubSettings(place.env, { cache: labHubCache(place) })

type HfSource = ArtifactSource & { kind: 'hf' }

/** Says which commit a revision is; each is asked for once, as a plan may name it many times. */
export function commitAsker(place: Place): (source: HfSource) => Promise<string | undefined> {
  const asked = new Map<string, Promise<string | undefined>>()
  return ({ repo, revision }) => {
    const key = `${repo} ${revision}`
    const commit = asked.get(key) ?? askRevision({ repo, revision }, hubOf(place))
    asked.set(key, commit)
    return commit
  }
}
