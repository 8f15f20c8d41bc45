import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { checkValue } from '../parse/check-value.ts'
import { z } from '../parse/schema.ts'
import { isSafePath, type RepoFile, type RepoListing } from './repo-file.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const sha1 = z.string().regex(/^[0-9a-f]{40}$/)
const bytes = z.int().min(0).max(1e14)

const listing = z.object({
  sha: sha1,
  siblings: z
    .array(
      z.object({
        rfilename: z.string(),
        size: bytes.optional(),
        blobId: sha1.optional(),
        lfs: z.object({ sha256, size: bytes }).nullish(),
      }),
    )
    .max(100_000),
})

/** What the hub says that a repository holds. Throws a `UserError` for names that lead out of its folder, and for what is no listing. */
export function parseListing(value: unknown, repo: string): RepoListing {
  const checked = checkValue(listing, value)
  if (checked.status === 'failed')
    throw new UserError(
      `the hub does not list ${plain(repo)} as it should: ${plain(checked.findings[0]?.message ?? '')}`,
      exitCodes.unavailable,
    )
  const { sha: commit, siblings } = checked.value
  return { repo, commit, files: siblings.map((sibling) => fileOf(sibling, repo)) }
}

function fileOf({ rfilename: path, size, blobId, lfs }: z.output<typeof listing>['siblings'][number], repo: string) {
  if (!isSafePath(path))
    throw new UserError(
      `${plain(repo)} lists a file ${JSON.stringify(plain(path.slice(0, 100)))}, whose name leads elsewhere: nothing of it is fetched`,
      exitCodes.unavailable,
    )
  if (lfs) return { path, bytes: lfs.size, digest: lfs.sha256, algorithm: 'sha256' } satisfies RepoFile
  if (size === undefined || blobId === undefined)
    throw new UserError(`the hub does not say the digest of ${plain(path)} in ${plain(repo)}`, exitCodes.unavailable)
  return { path, bytes: size, digest: blobId, algorithm: 'git-sha1' } satisfies RepoFile
}
