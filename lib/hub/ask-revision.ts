import { CachedRepo } from './hf-cache.ts'
import { HubClient } from './hub-client.ts'
import { PassingFailure } from './hub-failure.ts'
import { isCommit } from './repo-file.ts'
import type { HubSettings } from './hub-settings.ts'

/** How long a plan waits for the network. */
const defaultPatienceMs = 4000

/**
 * The commit that a revision is: itself, as the cache has it, or as the hub says within a few seconds. `undefined` where nobody
 * can say; a repository or revision that the hub does not have is a `UserError`.
 */
export async function askRevision(
  { repo, revision }: { repo: string; revision: string },
  settings: HubSettings,
  patienceMs = defaultPatienceMs,
): Promise<string | undefined> {
  const known = isCommit(revision) ? revision : new CachedRepo(settings.cache, repo).commitOf(revision)
  if (known !== undefined || settings.offline) return known
  try {
    return (await new HubClient(settings).listing({ repo, revision }, { patienceMs })).commit
  } catch (error) {
    if (error instanceof PassingFailure) return undefined
    throw error
  }
}
