import { CachedRepo } from './hf-cache.ts'
import { HubClient } from './hub-client.ts'
import { PassingFailure } from './hub-failure.ts'
import { isCommit } from './repo-file.ts'
import type { HubSettings } from './hub-settings.ts'

/** How long a plan waits for the network. */
const patienceMs = 4000

/**
 * The commit that a revision is: itself, as the cache has it, or as the hub says within a few seconds. `undefined` where nobody
 * can say; a repository or revision that the hub does not have is a `UserError`.
 */
export async function askRevision(
  { repo, revision }: { repo: string; revision: string },
  settings: HubSettings,
): Promise<string | undefined> {
  const known = isCommit(revision) ? revision : new CachedRepo(settings.cache, repo).commitOf(revision)
  if (known !== undefined || settings.offline) return known
  const patience = AbortSignal.timeout(patienceMs)
  try {
    return (await new HubClient(settings).listing({ repo, revision }, patience)).commit
  } catch (error) {
    if (patience.aborted || error instanceof PassingFailure) return undefined
    throw error
  }
}
